package archtest

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const root = "trellis/"

// pkg is a package of the house as the go command lists it.
type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
}

// short is the path without the module's name: "internal/desk".
func (p pkg) short() string { return strings.TrimPrefix(p.ImportPath, root) }

var house = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Dir,GoFiles,Imports,Deps", "trellis/...")
	cmd.Dir = repo()
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		if strings.HasPrefix(p.ImportPath, root) {
			all = append(all, p)
		}
	}
	return all, nil
})

func packages(t *testing.T) []pkg {
	t.Helper()
	all, err := house()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d packages found: the test looks at the wrong place", len(all))
	}
	return all
}

func repo() string {
	dir, _ := os.Getwd()
	return filepath.Join(dir, "..", "..")
}

// file is one parsed source file, test files left out.
type file struct {
	pkg  pkg
	path string
	name string
	ast  *ast.File
	fset *token.FileSet
	text []byte
}

func (f file) at(n ast.Node) string { return f.pkg.short() + "/" + f.fset.Position(n.Pos()).String() }

var sources = sync.OnceValues(func() ([]file, error) {
	all, err := house()
	if err != nil {
		return nil, err
	}
	var out []file
	for _, p := range all {
		// Files behind build tags count too: list the folder, not GoFiles.
		names, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, path := range names {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			fset := token.NewFileSet()
			tree, err := parser.ParseFile(fset, filepath.Base(path), text, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			out = append(out, file{p, path, filepath.Base(path), tree, fset, text})
		}
	}
	return out, nil
})

func files(t *testing.T) []file {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imports maps the names a file uses to import paths.
func (f file) imports() map[string]string {
	m := map[string]string{}
	for _, im := range f.ast.Imports {
		path := strings.Trim(im.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if im.Name != nil {
			name = im.Name.Name
		} else if v := strings.TrimLeft(name, "v0123456789"); v == "" { // a major version
			parts := strings.Split(path, "/")
			name = parts[len(parts)-2]
		}
		m[name] = path
	}
	return m
}

// calls visits every selector on an imported package: pkg.Name.
func (f file) selectors(visit func(path, name string, at ast.Node)) {
	im := f.imports()
	ast.Inspect(f.ast, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok {
			if path, ok := im[x.Name]; ok {
				visit(path, s.Sel.Name, s)
			}
		}
		return true
	})
}

func (f file) generated() bool { return ast.IsGenerated(f.ast) }
