use std::fmt::Write as _;

use indexmap::IndexMap;
use stack_krm::Quantity;
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
    /// Seconds for which it waits for an answer; 300 where it is not said: models take their time.
    pub timeout: Option<u32>,
    /// The largest request; nginx's own mebibyte where it is not said.
    pub body: Option<Quantity>,
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
        /// Whether the path alone is meant, and nothing below it.
        exact: bool,
        /// Whether answers are kept for others.
        cache: bool,
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
        crate::merge::replace(&mut self.timeout, over.timeout.as_ref());
        crate::merge::replace(&mut self.body, over.body.as_ref());
    }

    pub(super) fn facts(&self, declared: &Service) -> Service {
        let port = declared.ports.values().next().map_or(8080, |port| port.container);
        // The image that runs as root keeps its state elsewhere; one that is built here is taken for the other.
        let image = declared.image.as_ref().and_then(Template::as_text).unwrap_or("unprivileged");
        let state: &[&str] = if image.contains("unprivileged") { &[] } else { &["/var/cache/nginx", "/var/run"] };
        let state = state.iter().map(|path| ((*path).to_owned(), Volume::empty()));
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
            uses: self.relations(),
            files: named([(TEMPLATE, ConfigFile::Text(self.configuration(port)))]),
            volumes: named([("/etc/nginx/conf.d", Volume::empty()), ("/tmp", Volume::empty())])
                .into_iter()
                .chain(state)
                .collect(),
            ..Service::default()
        }
    }

    /// An edge for each service that routes lead to, with what the first of them says.
    fn relations(&self) -> Vec<Relation> {
        let mut relations: Vec<Relation> = Vec::new();
        for route in self.routes.values() {
            let Route::Proxy { relation, .. } = route else { continue };
            match relations.iter_mut().find(|known| known.to == relation.to) {
                None => relations.push((**relation).clone()),
                Some(known) => {
                    known.wait = known.wait.max(relation.wait);
                    known.purpose = known.purpose.take().or_else(|| relation.purpose.clone());
                }
            }
        }
        relations
    }

    /// The server block. `<service.host>` stays a reference; the lowering writes it in the form that the entry point expands.
    fn configuration(&self, port: u16) -> Template {
        let body = self.body.map(|body| format!("  client_max_body_size {};\n", body.thousandths() / 1000));
        let body = body.unwrap_or_default();
        let timeout = self.timeout.unwrap_or(300);
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
{body}
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
                Route::Proxy { .. } => proxy(&mut text, path, route, timeout),
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
fn proxy(text: &mut String, path: &str, route: &Route, timeout: u32) {
    let Route::Proxy { relation, strip, buffering, exact, cache } = route else { return };
    let name = &relation.to.name;
    let port = relation.to.port.as_ref().map_or_else(|| "port".to_owned(), |port| format!("{port}.port"));
    let rewrite = strip.as_ref().map(|strip| format!("    rewrite ^{strip}(/.*)$ $1 break;\n")).unwrap_or_default();
    let buffering = if *buffering { "" } else { "    proxy_buffering off;\n" };
    let cache = if *cache { "" } else { "    proxy_cache off;\n" };
    let exact = if *exact { "= " } else { "" };
    let _ = write!(
        text,
        "
  location {exact}{path} {{
{rewrite}    proxy_pass http://<{name}.host>:<{name}.{port}>;
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $forwarded_proto;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_read_timeout {timeout}s;
    proxy_send_timeout {timeout}s;
{buffering}{cache}  }}
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
        let relation = Box::new(to.into().into());
        let route = Route::Proxy { relation, strip: None, buffering: false, exact: false, cache: true };
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
