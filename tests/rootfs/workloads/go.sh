#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# needs: go
# A module of several packages is built twenty times from nothing and tested; no build may hang.
. "${0%/*}/functions"
runs=${GO_RUNS:-20}
export GOPATH=$work/go GOCACHE=$work/cache GOFLAGS=-mod=mod GOMAXPROCS=4
mkdir -p m/calc m/serve
cd m
cat >go.mod <<'G'
module example.org/m

go 1.18
G
cat >calc/calc.go <<'G'
package calc

import "math/big"

func Fib(n int) *big.Int {
	a, b := big.NewInt(0), big.NewInt(1)
	for i := 0; i < n; i++ {
		a.Add(a, b)
		a, b = b, a
	}
	return a
}

func Sum[T int | float64](v []T) (s T) {
	for _, x := range v {
		s += x
	}
	return
}
G
cat >calc/calc_test.go <<'G'
package calc

import (
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"
)

func TestFib(t *testing.T) {
	if s := Fib(200).String(); s != "280571172992510140037611932413038677189525" {
		t.Fatal(s)
	}
}

func TestSum(t *testing.T) {
	if Sum([]int{1, 2, 3}) != 6 || Sum([]float64{0.5, 0.25}) != 0.75 {
		t.Fatal("sum")
	}
}

/* Loops without calls are preempted by signals. */
func TestPreempt(t *testing.T) {
	runtime.GOMAXPROCS(3)
	for i := 0; i < 2; i++ {
		go func() {
			for x := 1; x != 0; x += 2 {
			}
		}()
	}
	for i := 0; i < 5; i++ {
		runtime.GC()
	}
}

func TestChildren(t *testing.T) {
	var wg sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if out, err := exec.Command("echo", "x").Output(); err != nil || string(out) != "x\n" {
				t.Error(err, out)
			}
			if exec.Command("/no/such/file").Run() == nil {
				t.Error("it ran")
			}
		}()
	}
	wg.Wait()
}

func TestTimers(t *testing.T) {
	start := time.Now()
	<-time.After(20 * time.Millisecond)
	if d := time.Since(start); d < 20*time.Millisecond {
		t.Fatal(d)
	}
}
G
cat >serve/serve.go <<'G'
package serve

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
)

func Ask(n int) (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		json.NewEncoder(w).Encode(map[string]int{"n": n * n})
	}))
	r, err := http.Get("http://" + l.Addr().String())
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	var m map[string]int
	err = json.Unmarshal(b, &m)
	return m["n"], err
}
G
cat >main.go <<'G'
package main

import (
	"fmt"

	"example.org/m/calc"
	"example.org/m/serve"
)

func main() {
	n, err := serve.Ask(12)
	fmt.Println(calc.Fib(100), n, err)
}
G
# The first build compiles the standard library.
limit=900
step 'first build' go build -o prog .
step 'first vet' go vet ./...
limit=300
wanted '354224848179261915075 144 <nil>' ./prog
for i in $(seq "$runs"); do
	for file in calc/calc.go serve/serve.go main.go; do
		echo "// $i" >>$file
	done
	step "build $i" go build -o prog .
	step "vet $i" go vet ./...
	wanted '354224848179261915075 144 <nil>' ./prog
done
step 'go test' go test ./calc
