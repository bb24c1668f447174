use super::{credentials, http, named, own_secret, start};
use crate::merge::replace;
use crate::relation::speaks;
use crate::{
    Binding, Component, Connection, Declared, Endpoint, Known, Port, Probe, Probes, Protocol, Service, Template, User,
    Volume, Workload,
};

/// Open `WebUI`, a chat interface for any OpenAI API.
///
/// Facts from open-webui (`env.py`, `config.py`, `start.sh`) and from running it: the URL needs its `/v1`; without
/// `ENABLE_PERSISTENT_CONFIG=False` the environment counts at the first start only; without `RAG_EMBEDDING_ENGINE=openai` it loads
/// a model of its own; without `WEBUI_SECRET_KEY` it writes a key file beside its code; it copies
/// icons to `STATIC_DIR` at each start; without `BYPASS_MODEL_ACCESS_CONTROL` people who are no administrators see no models; its
/// SQLite database allows one pod.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenWebUi {
    /// Whether people sign in; they do where it is not said.
    pub auth: Option<bool>,
}

/// An Open `WebUI` that others can connect to.
#[derive(Clone, Debug)]
pub struct OpenWebUiRef(String);

impl OpenWebUiRef {
    /// Page and API.
    pub fn http(&self) -> Endpoint<speaks::Http> {
        Endpoint::first(&self.0)
    }
}

impl OpenWebUi {
    /// A server that asks people to sign in.
    #[track_caller]
    pub fn server() -> Declared<Self> {
        Declared::of(Self::default())
    }

    /// A server that asks people to sign in, or not.
    #[track_caller]
    pub fn auth(auth: bool) -> Declared<Self> {
        Declared::of(Self { auth: Some(auth) })
    }

    pub(super) fn merge(&mut self, over: Self) {
        replace(&mut self.auth, over.auth.as_ref());
    }

    pub(super) fn facts(self) -> Service {
        let auth = if self.auth.unwrap_or(true) { "True" } else { "False" };
        Service {
            image: Some(Template::text("ghcr.io/open-webui/open-webui:v0.12.4")),
            workload: Some(Workload::Deployment),
            user: Some(User { uid: 1000, gid: 1000 }),
            ports: named([("http", Port::new(8080, Protocol::Http))]),
            data: Some("/app/backend/data".to_owned()),
            singleton: Some("its SQLite database has one writer".to_owned()),
            probes: Some(Probes {
                check: Some(http("/health")),
                live: Some(Probe { timeout: Some(5), failures: Some(6), ..Probe::default() }),
                ready: Some(Probe { every: Some(5), timeout: Some(5), ..Probe::default() }),
                start: Some(Probe { timeout: Some(5), ..start(5, 60) }),
            }),
            secrets: credentials(["secret-key"]),
            env: named([
                ("WEBUI_AUTH", Template::text(auth)),
                ("WEBUI_SECRET_KEY", own_secret("secret-key")),
                ("ENABLE_OLLAMA_API", Template::text("False")),
                ("ENABLE_PERSISTENT_CONFIG", Template::text("False")),
                ("RAG_EMBEDDING_ENGINE", Template::text("openai")),
                ("OFFLINE_MODE", Template::text("True")),
                ("HF_HUB_OFFLINE", Template::text("1")),
                ("BYPASS_MODEL_ACCESS_CONTROL", Template::text("True")),
                ("STATIC_DIR", Template::text("/tmp/open-webui-static")),
                ("HOME", Template::text("/tmp")),
            ]),
            binds: vec![Binding::of(
                Protocol::OpenAi,
                [
                    ("OPENAI_API_BASE_URL", Template::parse("<url>/v1")),
                    ("OPENAI_API_KEY", Template::parse("<master-key>")),
                    ("RAG_OPENAI_API_BASE_URL", Template::parse("<url>/v1")),
                    ("RAG_OPENAI_API_KEY", Template::parse("<master-key>")),
                ],
            )],
            volumes: named([("/tmp", Volume::empty())]),
            ..Service::default()
        }
    }
}

impl Declared<OpenWebUi> {
    /// Asks the models there.
    #[must_use]
    #[track_caller]
    pub fn models(self, to: impl Into<Connection<speaks::OpenAi>>) -> Self {
        self.uses(to.into())
    }
}

impl Component for OpenWebUi {
    type Handle = OpenWebUiRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::OpenWebUi(self)), ..declared }
    }

    fn handle(name: &str) -> OpenWebUiRef {
        OpenWebUiRef(name.to_owned())
    }
}
