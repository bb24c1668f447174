use super::{http, named, start};
use crate::relation::speaks;
use crate::{
    Binding, Component, Connection, Declared, Endpoint, Known, Port, Probe, Probes, Protocol, Service, Template, User,
    Volume, Workload,
};

/// R2R, retrieval over PostgreSQL.
///
/// Facts from SciPhi-AI/R2R (`docker/env/r2r.env`, `py/core/providers/database/postgres.py`, `py/core/utils/logging_config.py`): the image
/// listens on 8000 unless `R2R_PORT` says otherwise; `/v3/health` answers when the database is migrated; it opens
/// `/app/logs/app.log` when it is imported; embeddings and completions go to `OPENAI_API_BASE`; at
/// `INFO` it logs the database's password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct R2r;

/// An R2R that others can connect to.
#[derive(Clone, Debug)]
pub struct R2rRef(String);

impl R2rRef {
    /// The HTTP API.
    pub fn http(&self) -> Endpoint<speaks::Http> {
        Endpoint::first(&self.0)
    }
}

impl R2r {
    /// A server.
    #[track_caller]
    pub fn server() -> Declared<Self> {
        Declared::of(Self)
    }

    #[expect(clippy::unused_self, reason = "every component answers the same call")]
    pub(super) fn facts(self) -> Service {
        Service {
            image: Some(Template::text("sciphiai/r2r:3.6.6")),
            workload: Some(Workload::Deployment),
            user: Some(User { uid: 1000, gid: 1000 }),
            ports: named([("http", Port::new(7272, Protocol::Http))]),
            probes: Some(Probes {
                check: Some(http("/v3/health")),
                live: Some(Probe { timeout: Some(5), failures: Some(6), ..Probe::default() }),
                ready: Some(Probe { every: Some(5), timeout: Some(5), ..Probe::default() }),
                start: Some(Probe { timeout: Some(5), ..start(5, 60) }),
            }),
            env: named([
                ("R2R_HOST", Template::text("0.0.0.0")),
                ("R2R_PORT", Template::parse("<self.http.port>")),
                ("R2R_LOG_LEVEL", Template::text("WARNING")),
                ("LITELLM_LOCAL_MODEL_COST_MAP", Template::text("True")),
                ("HOME", Template::text("/tmp")),
            ]),
            binds: vec![
                Binding::of(
                    Protocol::Sql,
                    [
                        ("R2R_POSTGRES_HOST", Template::parse("<host>")),
                        ("R2R_POSTGRES_PORT", Template::parse("<port>")),
                        ("R2R_POSTGRES_DBNAME", Template::parse("<database>")),
                        ("R2R_POSTGRES_USER", Template::parse("<user>")),
                        ("R2R_POSTGRES_PASSWORD", Template::parse("<password>")),
                    ],
                ),
                Binding::of(
                    Protocol::Qdrant,
                    [("R2R_QDRANT_HOST", Template::parse("<host>")), ("R2R_QDRANT_PORT", Template::parse("<port>"))],
                ),
                Binding::of(Protocol::Redis, [("REDIS_URL", Template::parse("<url>"))]),
                Binding::of(
                    Protocol::OpenAi,
                    [
                        ("OPENAI_API_BASE", Template::parse("<url>/v1")),
                        ("OPENAI_API_KEY", Template::parse("<master-key>")),
                    ],
                ),
            ],
            volumes: named([("/app/logs", Volume::empty()), ("/tmp", Volume::empty())]),
            ..Service::default()
        }
    }
}

impl Declared<R2r> {
    /// Keeps documents and vectors there.
    #[must_use]
    #[track_caller]
    pub fn postgres(self, to: impl Into<Connection<speaks::Sql>>) -> Self {
        self.uses(to.into())
    }

    /// Searches vectors there.
    #[must_use]
    #[track_caller]
    pub fn qdrant(self, to: impl Into<Connection<speaks::Qdrant>>) -> Self {
        self.uses(to.into())
    }

    /// Caches there.
    #[must_use]
    #[track_caller]
    pub fn redis(self, to: impl Into<Connection<speaks::Redis>>) -> Self {
        self.uses(to.into())
    }

    /// Asks the models there.
    #[must_use]
    #[track_caller]
    pub fn models(self, to: impl Into<Connection<speaks::OpenAi>>) -> Self {
        self.uses(to.into())
    }
}

impl Component for R2r {
    type Handle = R2rRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::R2r(self)), ..declared }
    }

    fn handle(name: &str) -> R2rRef {
        R2rRef(name.to_owned())
    }
}
