// What pages do when script runs. Everything here only makes quicker or safer
// what links and forms do already; a page without it is whole. Listeners sit on
// the document, so parts that are redrawn need no new ones.
(() => {
  'use strict'
  const doc = document
  const words = () => { try { return JSON.parse(doc.body.dataset.page) } catch { return {} } }
  const one = (sel, root = doc) => root.querySelector(sel)
  const all = (sel, root = doc) => [...root.querySelectorAll(sel)]
  const on = (name, fn, capture) => doc.addEventListener(name, fn, capture)
  const seen = el => !!el && el.getClientRects().length > 0

  // Storage may be forbidden or full; then things are simply not remembered.
  const keep = {
    get: k => { try { return localStorage.getItem('trellis.' + k) } catch { return null } },
    set: (k, v) => { try { v ? localStorage.setItem('trellis.' + k, v) : localStorage.removeItem('trellis.' + k) } catch {} },
  }

  const say = text => {
    const el = one('#say')
    if (!el || !text) return
    el.textContent = ''
    setTimeout(() => { el.textContent = text }, 50)
  }

  const focusOn = el => {
    if (!el) return
    if (!el.matches('a[href], button, input, select, textarea, summary, [tabindex]')) el.tabIndex = -1
    el.focus({ preventScroll: seen(el) && el.getBoundingClientRect().top >= 0 })
  }

  // ---- drafts -------------------------------------------------------------
  const draftKey = name => 'draft.' + (words().person ? words().person + '.' : '') + name
  const timers = new WeakMap()
  let timersOff = false
  const saveDraft = t => {
    if (timersOff) return
    clearTimeout(timers.get(t))
    timers.delete(t)
    keep.set(draftKey(t.dataset.draft), t.value === t.defaultValue ? '' : t.value)
  }
  on('input', e => {
    const t = e.target
    if (t.dataset?.draft && !timers.has(t)) timers.set(t, setTimeout(saveDraft, 1500, t))
  })
  on('focusout', e => { if (timers.has(e.target)) saveDraft(e.target) })
  const saveAll = () => all('[data-draft]').forEach(t => { if (timers.has(t)) saveDraft(t) })
  addEventListener('pagehide', saveAll)
  on('visibilitychange', saveAll)

  const drafts = root => {
    // What the server says it has comes first, so that sent text never returns.
    for (const el of all('[data-draft-clear]', root)) {
      const name = el.dataset.draftClear
      keep.set(draftKey(name), '')
      for (const t of all('[data-draft]')) {
        if (t.dataset.draft !== name) continue
        clearTimeout(timers.get(t))
        timers.delete(t)
        t.value = t.defaultValue
      }
      el.remove()
    }
    for (const t of all('[data-draft]', root)) {
      const text = keep.get(draftKey(t.dataset.draft))
      if (text && !t.value) {
        t.value = text
        say(words().restored)
      }
    }
  }

  // ---- sending once -------------------------------------------------------
  const release = form => {
    if (!form?.dataset) return
    clearTimeout(form._slow)
    clearTimeout(form._stuck)
    delete form.dataset.sent
    for (const b of all('[aria-busy]', form)) {
      b.removeAttribute('aria-busy')
      if (b._text) one('.lbl', b).textContent = b._text
      b._text = null
    }
  }
  on('submit', e => {
    const form = e.target
    if (form.method !== 'post') return
    if (form.dataset.sent) {
      e.preventDefault()
      e.stopImmediatePropagation()
      return
    }
    form.dataset.sent = '1'
    // Who signs out of a shared browser leaves nothing behind in it.
    if (form.dataset.forget !== undefined) {
      timersOff = true
      try { Object.keys(localStorage).filter(k => k.startsWith('trellis.draft.')).forEach(k => localStorage.removeItem(k)) } catch {}
    }
    const button = e.submitter
    form._slow = setTimeout(() => {
      if (!button) return
      button.setAttribute('aria-busy', 'true')
      const label = one('.lbl', button)
      if (label && !label.children.length) {
        button._text = label.textContent
        label.textContent = words().saving
      }
      say(words().saving)
    }, 300)
    // A page that was stopped on its way can be sent again; its key keeps it one.
    form._stuck = setTimeout(release, 10000, form)
  }, true)
  addEventListener('pageshow', () => all('form[data-sent]').forEach(release))

  // ---- menus, dialogs, files ---------------------------------------------
  const shut = (menu, focus) => {
    menu.open = false
    if (focus) one('summary', menu).focus()
  }
  on('click', e => {
    for (const m of all('details.menu[open]')) if (!m.contains(e.target)) shut(m)
    const b = e.target.closest?.('[commandfor]')
    if (!b || 'commandForElement' in b) return
    const d = doc.getElementById(b.getAttribute('commandfor'))
    b.getAttribute('command') === 'close' ? d?.close() : d?.showModal?.()
  })
  on('toggle', e => {
    const m = e.target
    if (!m.matches?.('details.menu') || !m.open) return
    for (const other of all('details.menu[open]')) if (other !== m) shut(other)
    if (m.dataset.edit !== undefined) focusOn(one('[data-first]', m) || one('.drop :is(input:not([type=hidden]), select, textarea, button)', m))
  }, true)
  on('keydown', e => {
    const m = e.key === 'Escape' && !one('dialog[open]') && one('details.menu[open]')
    if (m) shut(m, true)
  })
  on('change', e => {
    const t = e.target
    if (t.dataset?.file !== undefined) {
      const lang = doc.documentElement.lang
      const size = n => n < 1e6 ? new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(Math.max(1, n / 1e3)) + ' kB'
        : new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(n / 1e6) + ' MB'
      const out = one('output', t.closest('.file'))
      if (out) out.textContent = [...t.files].map(f => f.name + ', ' + size(f.size)).join(' · ')
    }
    if (t.dataset?.keysSwitch !== undefined) keep.set('keys', t.checked ? '' : 'off')
    if (t.type === 'checkbox') counted()
  })
  const counted = () => {
    for (const bar of all('[data-bulk]')) {
      const n = all('input[type=checkbox]:checked', bar.closest('form')).length
      const el = one('[data-count]', bar)
      const text = (words().selected || '').replace('{n}', n)
      if (el && el.textContent !== text) el.textContent = text
      if (n) say(text)
    }
  }

  // ---- keys ---------------------------------------------------------------
  const typing = el => el.isContentEditable || el.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])')
  const rowsOf = () => all('[data-row]').filter(seen)
  const currentRow = () => doc.activeElement.closest?.('[data-row]') || one('[data-row].cur')
  const move = step => {
    const list = rowsOf()
    const at = list.indexOf(currentRow())
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step]
    if (next) {
      one('a', next).focus()
      next.scrollIntoView({ block: 'nearest' })
    }
    return list.length > 0
  }
  const press = el => {
    if (el.matches('input, textarea, select') && el.type !== 'checkbox') {
      el.focus()
      if (el.select && el.type === 'search') el.select()
    } else el.click()
  }
  on('keydown', e => {
    if (doc.body.dataset.keys === undefined || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.defaultPrevented) return
    if (typing(e.target)) {
      if (e.key === 'Escape' && !e.target.closest('dialog, details[open]')) e.target.blur()
      return
    }
    // The list of keys can always be reached, with the switch in it.
    if (keep.get('keys') === 'off' && e.key !== '?') return
    if (one('dialog[open]')) return
    const key = e.key.toLowerCase()
    if (key === 'j' || key === 'k') {
      if (move(key === 'j' ? 1 : -1)) e.preventDefault()
      return
    }
    if (key === 'x') {
      const box = currentRow() && one('input[type=checkbox]', currentRow())
      if (box) {
        box.click()
        e.preventDefault()
      }
      return
    }
    if (key.length !== 1) return
    // Of a tab that is open already and the field in it, the field is meant.
    const found = all('[data-key]').filter(el => el.dataset.key === key && seen(el))
    const el = found.find(el => !el.matches('a[aria-current]')) || found[0]
    if (!el) return
    e.preventDefault()
    press(el)
  })
  // Ctrl or Command with Enter sends the form that is being written in.
  on('keydown', e => {
    if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || e.target.nodeName !== 'TEXTAREA') return
    const form = e.target.form
    const button = form && (one('.btn-primary:not([type=button])', form) || one('button:not([type=button])', form))
    if (button) form.requestSubmit(button)
  })

  // ---- panes and parts redrawn by htmx -----------------------------------
  // On a phone the pane is not on the screen: its links are ordinary links.
  on('click', e => {
    const a = e.target.closest?.('a[data-pane]')
    if (a && !seen(one(a.dataset.pane))) e.stopPropagation()
  }, true)
  const wanted = ctx => ctx.select && doc.querySelector(ctx.select)
  const asked = new WeakMap() // what was pressed, by request
  on('htmx:before:request', e => {
    const { ctx } = e.detail
    const source = ctx.sourceElement
    if (source.dataset?.live !== undefined) return
    asked.set(ctx, { menu: source.closest?.('details[data-edit]')?.id, pane: source.dataset?.pane, row: source.closest?.('[data-row]'), tab: source.closest?.('.tabs') && source.dataset.key })
    wanted(ctx)?.setAttribute('aria-busy', 'true')
  })
  on('htmx:before:swap', e => {
    const { ctx, tasks } = e.detail
    // What went wrong stays until it has been answered, whatever others do.
    if (ctx.sourceElement.dataset?.live !== undefined && one('#errors, [data-error]')) {
      e.preventDefault()
      return
    }
    const main = tasks.find(t => t.type === 'main')
    if (!ctx.select || (main && main.fragment.childElementCount)) {
      // What stood beside the thing that was open says nothing of this one.
      if (asked.get(ctx)?.pane && !tasks.some(t => t.type === 'oob' && t.target.id === 'context')) one('#context')?.replaceChildren()
      return
    }
    // The answer has no such part: an error, a sign-in page, another page.
    e.preventDefault()
    wanted(ctx)?.removeAttribute('aria-busy')
    if (ctx.request.method === 'GET' || (ctx.response.status < 400 && ctx.response.raw.redirected)) {
      location.assign(ctx.response.raw.url)
      return
    }
    trouble(ctx.sourceElement, one('#problem', new DOMParser().parseFromString(ctx.text, 'text/html')))
  })
  on('htmx:error', e => {
    const ctx = e.detail.ctx
    if (!ctx) return
    wanted(ctx)?.removeAttribute('aria-busy')
    if (ctx.request.method !== 'GET') trouble(ctx.sourceElement)
    else if (ctx.sourceElement.href) location.assign(ctx.sourceElement.href)
  })
  const trouble = (source, problem) => {
    one('#problem')?.remove()
    if (!problem) {
      problem = doc.createElement('section')
      problem.id = 'problem'
      problem.className = 'problem'
      problem.tabIndex = -1
      problem.append(Object.assign(doc.createElement('p'), { textContent: words().failed }))
    }
    source.prepend(problem)
    problem.focus()
  }
  on('htmx:after:swap', e => {
    const { ctx } = e.detail
    const el = wanted(ctx)
    el?.removeAttribute('aria-busy')
    if (!asked.has(ctx)) return
    const { menu, pane, row, tab } = asked.get(ctx)
    const field = tab && el && one('textarea[data-key="' + tab + '"]', el)
    if (!ctx.select) {
      focusOn(one('main h1'))
    } else if (menu) {
      const m = doc.getElementById(menu)
      if (m && !one('[data-error]', m)) shut(m, true)
    } else if (field) {
      // Another side of what is open already: the list stays as it is, and the
      // cursor goes where one writes.
      focusOn(field)
    } else if (pane && el) {
      for (const r of all('[data-row].cur')) {
        r.classList.remove('cur')
        one('a', r).removeAttribute('aria-current')
      }
      if (row) {
        row.classList.add('cur')
        row.classList.remove('unread')
        one('a', row).setAttribute('aria-current', 'true')
      }
      el.scrollTop = el.parentElement.scrollTop = 0
      focusOn(one('h1, h2', el))
    } else if (el) {
      const errors = one('#errors', el)
      if (errors) focusOn(errors)
    }
  })
  on('htmx:finally:request', e => release(e.detail.ctx.sourceElement.closest?.('form')))
  on('htmx:after:process', e => start(e.target))

  // ---- what others change meanwhile --------------------------------------
  // One stream for all tabs of a browser: whoever holds the lock listens and
  // tells the others. It carries kinds, ids and versions; the part itself is
  // asked for under the ordinary rules.
  const changed = c => doc.dispatchEvent(new CustomEvent('trellis:changed', { detail: c }))
  const stream = () => {
    const url = words().stream
    if (!url || !window.EventSource) return
    const name = 'trellis' + url.split('?')[0]
    const channel = window.BroadcastChannel && navigator.locks ? new BroadcastChannel(name) : null
    let source, letGo, again, tries = 0, recent = []
    const listen = () => {
      source = new EventSource(url)
      source.addEventListener('change', e => { try { tell([].concat(JSON.parse(e.data))) } catch {} })
      source.addEventListener('resync', () => tell([{ all: true }]))
      source.addEventListener('end', () => source.close())
      source.onopen = () => { tries = 0 }
      // A broken line is mended by the browser; a refusal is not.
      source.onerror = () => {
        if (source.readyState === 2 && tries++ < 10) again = setTimeout(listen, 2e4 + Math.random() * 2e4)
      }
    }
    const tell = list => {
      const now = Date.now()
      recent = recent.filter(r => now - r.at < 2e4).concat({ at: now, list })
      list.forEach(changed)
      channel?.postMessage(list)
    }
    const stop = new AbortController()
    if (channel) {
      // A tab says that it is there and hears again what was told a moment ago,
      // while it was being drawn; what it knows already it skips by version.
      channel.onmessage = e => e.data === 'here' ? recent.forEach(r => channel.postMessage(r.list)) : e.data.forEach(changed)
      channel.postMessage('here')
      navigator.locks.request(name, { signal: stop.signal }, () => {
        listen()
        return new Promise(done => { letGo = done })
      }).catch(() => {})
    } else listen()
    addEventListener('pagehide', () => {
      clearTimeout(again)
      source?.close()
      channel?.close()
      letGo?.()
      stop.abort()
    }, { once: true })
  }

  const due = new Map()
  const later = (el, fn, ms) => {
    clearTimeout(due.get(el))
    due.set(el, setTimeout(() => {
      due.delete(el)
      if (el.isConnected) fn(el)
    }, ms))
  }
  const hits = (el, c, kind) => c.all || (c.kind === kind && (el.dataset.liveId === undefined ||
    (String(c.id) === el.dataset.liveId && !(c.version <= +el.dataset.liveVersion))))
  let missed = []
  on('trellis:changed', e => {
    const c = e.detail
    if (!c || typeof c !== 'object') return
    if (doc.hidden) {
      missed.push(c)
      return
    }
    for (const el of all('[data-live]')) if (hits(el, c, el.dataset.live)) later(el, refresh, 200)
    for (const el of all('[data-live-notice]')) if (hits(el, c, el.dataset.liveNotice)) el.hidden = false
    for (const el of all('[data-live-list]')) if (hits(el, c, el.dataset.liveList)) later(el, arrivals, 1500 + Math.random() * 1500)
  })
  on('visibilitychange', () => {
    if (doc.hidden) return
    const list = missed
    missed = []
    if (list.length > 20) changed({ all: true })
    else list.forEach(changed)
  })
  const refresh = el => el.dispatchEvent(new CustomEvent('trellis:refresh', { bubbles: false }))

  // A list is compared with a fresh one; rows move only when that is asked for.
  const arrivals = async list => {
    const button = one('[data-fresh="' + list.id + '"]')
    if (!button) return
    let fresh
    try {
      const answer = await fetch(list.dataset.url, { headers: { 'HX-Request': 'true', 'HX-Target': 'div#' + list.id }, credentials: 'same-origin' })
      if (!answer.ok) return
      fresh = doc.importNode(new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(list.id), true)
    } catch { return }
    if (!fresh) return
    const have = new Set(all('[data-row]', list).map(r => r.dataset.row))
    const n = all('[data-row]', fresh).filter(r => !have.has(r.dataset.row)).length
    const text = n === 1 ? words().new1 : words().newN.replace('{n}', n)
    if (n && text !== button.textContent) say(text)
    button.textContent = text
    button.hidden = n === 0
    button._fresh = fresh
  }
  on('click', e => {
    const button = e.target.closest?.('[data-fresh]')
    const list = button && doc.getElementById(button.dataset.fresh)
    const fresh = button?._fresh
    if (!fresh || !list) return
    const open = one('[data-row].cur', list)?.dataset.row
    const ticked = new Set(all('input:checked', list).map(i => i.value))
    const have = new Set(all('[data-row]', list).map(r => r.dataset.row))
    for (const r of all('[data-row]', fresh)) {
      r.classList.toggle('cur', r.dataset.row === open)
      const box = one('input[type=checkbox]', r)
      if (box) box.checked = ticked.has(box.value)
    }
    list.replaceWith(fresh)
    window.htmx?.process(fresh)
    button.hidden = true
    button._fresh = null
    focusOn(all('[data-row]', fresh).filter(r => !have.has(r.dataset.row)).map(r => one('a', r))[0])
  })

  // ---- start --------------------------------------------------------------
  const start = root => {
    drafts(root.querySelectorAll ? root : doc)
    counted()
    const box = one('[data-keys-switch]')
    if (box) box.checked = keep.get('keys') !== 'off'
  }
  // Who goes back twice quickly may have left the address of this page before
  // anything listened: then the page is another one's, and is fetched anew. Until
  // a page is loaded the browser may keep such a step to itself, so look twice.
  const nav = performance.getEntriesByType('navigation')[0]
  const page = url => url.split('#')[0]
  let own = nav && !nav.redirectCount ? nav.name : location.href
  for (const kind of ['push', 'replace']) on(`htmx:after:history:${kind}`, () => { own = location.href })
  const stay = () => { if (history.state?.htmx && page(own) !== page(location.href)) location.reload() }
  on('DOMContentLoaded', stay)
  addEventListener('load', () => setTimeout(stay))
  start(doc)
  if (one('#errors') && doc.activeElement === doc.body) one('#errors').focus()
  stream()
  addEventListener('pageshow', e => {
    if (!e.persisted) return
    stream()
    changed({ all: true })
  })
})()
