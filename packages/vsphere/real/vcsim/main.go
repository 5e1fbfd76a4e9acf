// A vCenter of govmomi's simulator, on a free loopback port. Debian packages the simulator, but no command for it.
package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
)

const username, password = "administrator@vsphere.local", "secret"

func main() {
	model := simulator.VPX()
	check(model.Create())
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(username, password)}
	model.Service.RegisterEndpoints = true
	simulator.RegisterEndpoint(checkPasswords)
	server := model.Service.NewServer()
	_, err := fmt.Printf(`{"port":%s,"username":"%s","password":"%s"}`+"\n", server.URL.Port(), username, password)
	check(err)
	select {}
}

// The simulator takes any password at /rest, and none that is absent: a wrong one is left out.
func checkPasswords(service *simulator.Service, _ *simulator.Registry) {
	rest, _ := service.ServeMux.Handler(&http.Request{URL: &url.URL{Path: "/rest/"}})
	service.ServeMux.HandleFunc("/rest/com/vmware/cis/session", func(writer http.ResponseWriter, request *http.Request) {
		user, given, _ := request.BasicAuth()
		if user != username || given != password {
			request.Header.Del("Authorization")
		}
		rest.ServeHTTP(writer, request)
	})
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
