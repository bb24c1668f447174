use std::fmt::Write as _;

use indexmap::IndexMap;
use stack_source::Locus;

use super::{http, named, start};
use crate::relation::speaks;
use crate::{
    Component, ConfigFile, Connection, Declared, Endpoint, Known, Port, Probe, Probes, Protocol, Relation, Service,
    Template, User, Volume, Workload,
};

/// nginx as a gateway or as a server of static files; its configuration is made of its routes.
///
/// Facts from nginxinc/docker-nginx-unprivileged (`entrypoint/20-envsubst-on-templates.sh`): user 101; templates in
/// `/etc/nginx/templates` are expanded into `/etc/nginx/conf.d` at start; whatever nginx writes lies in `/tmp`. A name in `proxy_pass`
/// is looked up once, at start, through the pod's search domains: the Kubernetes Service that it names must have an address of its
/// own, and exist when nginx starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nginx {
    /// Routes by path prefix.
    pub routes: IndexMap<String, Route>,
}

/// Where nginx leads requests under a path prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// To files of its own image.
    Files {
        /// The folder.
        root: String,
        /// The file that answers for every path that names none: `index.html` of a single-page application.
        fallback: Option<String>,
    },
    /// To another service.
    Proxy {
        /// The edge.
        relation: Box<Relation>,
        /// What is cut from the front of the path.
        strip: Option<String>,
        /// Whether answers are held back until they are whole; streams must not be.
        buffering: bool,
    },
}

/// An nginx that others can connect to.
#[derive(Clone, Debug)]
pub struct NginxRef(String);

impl NginxRef {
    /// HTTP.
    pub fn http(&self) -> Endpoint<speaks::Http> {
        Endpoint::first(&self.0)
    }
}

/// Where nginx answers its own probes.
const HEALTH: &str = "/nginx-health";
const TEMPLATE: &str = "/etc/nginx/templates/default.conf.template";

impl Nginx {
    /// A server without routes so far.
    #[track_caller]
    pub fn server() -> Declared<Self> {
        Declared::of(Self::default())
    }

    pub(super) fn merge(&mut self, over: &Self) {
        crate::merge::entries(&mut self.routes, &over.routes);
    }

    pub(super) fn facts(&self, declared: &Service) -> Service {
        let port = declared.ports.values().next().map_or(8080, |port| port.container);
        let relations = self.routes.values().filter_map(|route| match route {
            Route::Proxy { relation, .. } => Some((**relation).clone()),
            Route::Files { .. } => None,
        });
        Service {
            image: Some(Template::text("nginxinc/nginx-unprivileged:1.29.3-alpine")),
            workload: Some(Workload::Deployment),
            user: Some(User { uid: 101, gid: 101 }),
            ports: named([("http", Port::new(8080, Protocol::Http))]),
            probes: Some(Probes {
                check: Some(http(HEALTH)),
                live: Some(Probe::default()),
                ready: Some(Probe { every: Some(5), ..Probe::default() }),
                start: Some(start(2, 60)),
            }),
            env: named([("NGINX_ENVSUBST_FILTER", Template::text("^STACK_"))]),
            uses: relations.collect(),
            files: named([(TEMPLATE, ConfigFile::Text(self.configuration(port)))]),
            volumes: named([("/etc/nginx/conf.d", Volume::empty()), ("/tmp", Volume::empty())]),
            ..Service::default()
        }
    }

    /// The server block. `<service.host>` stays a reference; the lowering writes it in the form that the entry point expands.
    fn configuration(&self, port: u16) -> Template {
        let mut text = format!(
            "\
map $http_upgrade $connection_upgrade {{
  default upgrade;
  '' '';
}}
map $http_x_forwarded_proto $forwarded_proto {{
  default $http_x_forwarded_proto;
  '' $scheme;
}}

server {{
  listen {port};
  server_tokens off;

  location = {HEALTH} {{
    access_log off;
    default_type text/plain;
    return 200 \"ok\\n\";
  }}
"
        );
        for (path, route) in &self.routes {
            match route {
                Route::Files { root, fallback } => files(&mut text, path, root, fallback.as_deref()),
                Route::Proxy { relation, strip, buffering } => {
                    proxy(&mut text, path, relation, strip.as_deref(), *buffering);
                }
            }
        }
        text.push_str("}\n");
        Template::parse(&text).at(Locus::Derived)
    }
}

fn files(text: &mut String, path: &str, root: &str, fallback: Option<&str>) {
    let fallback = fallback.map_or_else(|| "=404".to_owned(), |file| format!("/{file}"));
    let _ = write!(
        text,
        "
  location {path} {{
    root {root};
    try_files $uri $uri/ {fallback};
  }}
"
    );
}

/// Any `proxy_set_header` inside a location drops those above it, so each location says them all.
fn proxy(text: &mut String, path: &str, relation: &Relation, strip: Option<&str>, buffering: bool) {
    let name = &relation.to.name;
    let port = relation.to.port.as_ref().map_or_else(|| "port".to_owned(), |port| format!("{port}.port"));
    let rewrite = strip.map(|strip| format!("    rewrite ^{strip}(/.*)$ $1 break;\n")).unwrap_or_default();
    let buffering = if buffering { "" } else { "    proxy_buffering off;\n" };
    let _ = write!(
        text,
        "
  location {path} {{
{rewrite}    proxy_pass http://<{name}.host>:<{name}.{port}>;
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $forwarded_proto;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_read_timeout 300s;
    proxy_send_timeout 300s;
{buffering}  }}
"
    );
}

impl Declared<Nginx> {
    /// Serves files of its own image; paths that name no file are answered by `fallback`.
    #[must_use]
    pub fn files(mut self, path: &str, root: &str, fallback: &str) -> Self {
        let route = Route::Files { root: root.to_owned(), fallback: Some(fallback.to_owned()) };
        self.component.routes.insert(path.to_owned(), route);
        self
    }

    /// Leads to an HTTP endpoint, without holding answers back.
    #[must_use]
    #[track_caller]
    pub fn route(mut self, path: &str, to: impl Into<Connection<speaks::Http>>) -> Self {
        let route = Route::Proxy { relation: Box::new(to.into().into()), strip: None, buffering: false };
        self.component.routes.insert(path.to_owned(), route);
        self
    }
}

impl Component for Nginx {
    type Handle = NginxRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::Nginx(self)), ..declared }
    }

    fn handle(name: &str) -> NginxRef {
        NginxRef(name.to_owned())
    }
}
