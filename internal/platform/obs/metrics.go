package obs

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Registry holds the figures of one process.
type Registry struct {
	reg      *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	bytes    *prometheus.CounterVec
	sources  *sources
}

// NewRegistry makes a registry that knows the process and the Go runtime.
func NewRegistry() *Registry {
	r := &Registry{
		reg: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trellis_http_requests_total", Help: "Requests answered, by route pattern."}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "trellis_http_request_seconds", Help: "Time from the request's headers to the end of its answer, by route pattern.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trellis_http_answer_bytes_total", Help: "Bytes of answers as sent, by route pattern."}, []string{"route"}),
		sources: &sources{by: map[int]Source{}},
	}
	r.reg.MustRegister(r.requests, r.took, r.bytes, r.sources,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// methods are the ones that get a label of their own: a client may invent any
// number of others.
var methods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true,
	http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true,
}

// HTTP counts one answered request. It fits web.Deps.Observe.
func (r *Registry) HTTP(method, route string, status int, took time.Duration, bytes int64) {
	if !methods[method] {
		method = "other"
	}
	r.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	r.took.WithLabelValues(route).Observe(took.Seconds())
	r.bytes.WithLabelValues(route).Add(float64(bytes))
}

// Figure is one number at the moment it is asked for.
type Figure struct {
	Name    string // "trellis_jobs_waiting"
	Help    string // one sentence
	Counter bool   // only ever grows
	Value   float64
	Labels  map[string]string
}

// Source tells its figures each time Prometheus asks: a database, the jobs,
// the event streams. It must answer quickly and never fail; a figure that
// can't be had is left out.
type Source interface{ Figures() []Figure }

// SourceFunc lets a function be a Source.
type SourceFunc func() []Figure

// Figures calls the function.
func (f SourceFunc) Figures() []Figure { return f() }

// Add asks a source from now on. The returned function stops asking.
func (r *Registry) Add(s Source) (remove func()) {
	return r.sources.add(s)
}

// sources ask whoever is there when Prometheus does: districts open and close
// while the process runs.
type sources struct {
	mu   sync.Mutex
	next int
	by   map[int]Source
}

func (c *sources) add(s Source) (remove func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	n := c.next
	c.by[n] = s
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.by, n)
	}
}

// Describe sends nothing: what a source tells is known when it is asked.
func (c *sources) Describe(chan<- *prometheus.Desc) {}

// Collect asks every source.
func (c *sources) Collect(out chan<- prometheus.Metric) {
	c.mu.Lock()
	all := slices.Collect(maps.Values(c.by))
	c.mu.Unlock()
	for _, s := range all {
		for _, f := range s.Figures() {
			out <- f.metric()
		}
	}
}

func (f Figure) metric() prometheus.Metric {
	kind := prometheus.GaugeValue
	if f.Counter {
		kind = prometheus.CounterValue
	}
	m, err := prometheus.NewConstMetric(prometheus.NewDesc(f.Name, f.Help, nil, f.Labels), kind, f.Value)
	if err != nil {
		return prometheus.NewInvalidMetric(prometheus.NewInvalidDesc(err), err)
	}
	return m
}

// Handler answers /metrics. One figure that can't be told does not hide the
// others.
func (r *Registry) Handler() http.Handler {
	return promhttp.HandlerFor(r.reg, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, DisableCompression: true})
}
