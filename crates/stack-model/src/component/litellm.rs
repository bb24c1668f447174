use super::{credentials, http, named, own_secret, start};
use crate::merge::replace;
use crate::relation::speaks;
use crate::{
    Component, ConfigFile, Declared, Endpoint, Known, Port, Probe, Probes, Protocol, Service, Template, User, Volume,
    Workload,
};
use stack_source::Locus;

/// LiteLLM's proxy: one OpenAI API in front of many models.
///
/// Facts from BerriAI/litellm (`proxy_cli.py`, `docs/proxy/health.md`, `deploy/charts/litellm-helm`): it reads `PORT` and `--port`, never
/// `LITELLM_PORT`; `/health` asks every model and wants the master key, so the probes ask `/health/liveliness` and
/// `/health/readiness`; hosts and keys reach its configuration as `os.environ/NAME`; it fetches its price list at start unless told
/// to use the one it ships.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiteLlm {
    /// The configuration, a file of the package, passed on verbatim.
    pub config: Option<String>,
    /// Where that was written.
    pub config_at: Locus,
}

/// A LiteLLM that others can connect to.
#[derive(Clone, Debug)]
pub struct LiteLlmRef(String);

impl LiteLlmRef {
    /// The OpenAI API.
    pub fn openai_api(&self) -> Endpoint<speaks::OpenAi> {
        Endpoint::first(&self.0)
    }
}

const CONFIG: &str = "/etc/litellm/config.yaml";

impl LiteLlm {
    /// A proxy with this configuration, a file of the package.
    #[track_caller]
    pub fn config(path: &str) -> Declared<Self> {
        Declared::of(Self { config: Some(path.to_owned()), config_at: Locus::caller() })
    }

    pub(super) fn merge(&mut self, over: &Self) {
        replace(&mut self.config, over.config.as_ref());
    }

    pub(super) fn facts(&self) -> Service {
        let files = self
            .config
            .iter()
            .map(|path| (CONFIG.to_owned(), ConfigFile::Original { path: path.clone(), at: self.config_at.clone() }));
        Service {
            image: Some(Template::text("ghcr.io/berriai/litellm-non_root:v1.106.4")),
            workload: Some(Workload::Deployment),
            user: Some(User { uid: 65534, gid: 65534 }),
            ports: named([("http", Port::new(4000, Protocol::OpenAi))]),
            args: Some(["--config", CONFIG, "--port", "<self.http.port>"].map(Template::parse).into_iter().collect()),
            grace: Some(90),
            probes: Some(Probes {
                check: Some(http("/health/readiness")),
                live: Some(Probe { check: Some(http("/health/liveliness")), timeout: Some(5), ..Probe::default() }),
                ready: Some(Probe { timeout: Some(5), ..Probe::default() }),
                start: Some(Probe { timeout: Some(5), ..start(10, 30) }),
            }),
            secrets: credentials(["master-key"]),
            env: named([
                ("LITELLM_MASTER_KEY", own_secret("master-key")),
                ("LITELLM_LOCAL_MODEL_COST_MAP", Template::text("True")),
            ]),
            provides: named([("master-key", own_secret("master-key"))]),
            files: files.collect(),
            volumes: named([("/tmp", Volume::empty()), ("/.cache", Volume::empty()), ("/.npm", Volume::empty())]),
            ..Service::default()
        }
    }
}

impl Component for LiteLlm {
    type Handle = LiteLlmRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::LiteLlm(self)), ..declared }
    }

    fn handle(name: &str) -> LiteLlmRef {
        LiteLlmRef(name.to_owned())
    }
}
