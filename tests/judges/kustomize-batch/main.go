// Builds many trees in one process, with kustomize's own code and a real file system.
//
// Each line of the input is a tree, {"files": {PATH: BASE64}, "root": DIR}; each line of the output is what
// `kustomize build DIR` says about it, {"output": TEXT} or {"error": TEXT}.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

type tree struct {
	Files map[string][]byte `json:"files"`
	Root  string            `json:"root"`
}

type answer struct {
	Output *string `json:"output,omitempty"`
	Error  *string `json:"error,omitempty"`
}

func main() {
	log.SetOutput(io.Discard)
	// Deprecation warnings are written here by kustomize; the answers go to the real one.
	answers := bufio.NewWriter(os.Stdout)
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stdout, os.Stderr = null, null
	}
	trees := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := trees.ReadBytes('\n')
		if err == io.EOF {
			break
		} else if err != nil {
			panic(err)
		}
		var given tree
		if err := json.Unmarshal(line, &given); err != nil {
			panic(err)
		}
		if err := json.NewEncoder(answers).Encode(ask(given)); err != nil {
			panic(err)
		}
		if err := answers.Flush(); err != nil {
			panic(err)
		}
	}
}

func ask(given tree) answer {
	home, err := os.MkdirTemp("", "kustomize-batch")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(home)
	mentionsSchema := false
	for path, content := range given.Files {
		file := filepath.Join(home, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			panic(err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			panic(err)
		}
		mentionsSchema = mentionsSchema || bytes.Contains(bytes.ToLower(content), []byte("openapi"))
	}
	// The schema is global to the process, and reading the built-in one is slow: it is forgotten only where it may have changed.
	if mentionsSchema {
		openapi.ResetOpenAPI()
		defer openapi.ResetOpenAPI()
	}
	output, err := build(filepath.Join(home, given.Root))
	if err != nil {
		text := err.Error()
		return answer{Error: &text}
	}
	return answer{Output: &output}
}

// build does what `kustomize build` does where no flag is given.
func build(folder string) (output string, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	objects, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return "", err
	}
	text, err := objects.AsYaml()
	return string(text), err
}
