use super::{http, named, start};
use crate::relation::speaks;
use crate::{
    Component, Declared, Endpoint, Known, Port, Probe, Probes, Protocol, Service, Template, User, Volume, Workload,
};

/// Vespa, one node that is everything: configuration server, container and content.
///
/// Facts from vespa-engine/docker-image (`Dockerfile`, `include/start-container.sh`) and onyx-dot-app/onyx (`services.xml.jinja`):
/// user 1000; data in `/opt/vespa/var`, logs in `/opt/vespa/logs`, both owned by that user, or it does not start; 19071 is the
/// configuration server, which answers `/state/v1/health`; 8081 queries, and opens only once an application was deployed through
/// 19071, so no probe asks there; the end takes `vespa-stop-services` its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vespa;

/// A Vespa that others can connect to.
#[derive(Clone, Debug)]
pub struct VespaRef(String);

impl VespaRef {
    /// The configuration server.
    pub fn config(&self) -> Endpoint<speaks::Http> {
        Endpoint::first(&self.0)
    }

    /// Queries and documents.
    pub fn query(&self) -> Endpoint<speaks::Http> {
        Endpoint::named(&self.0, "query")
    }
}

impl Vespa {
    /// One node.
    #[track_caller]
    pub fn node() -> Declared<Self> {
        Declared::of(Self)
    }

    #[expect(clippy::unused_self, reason = "every component answers the same call")]
    pub(super) fn facts(self) -> Service {
        Service {
            image: Some(Template::text("vespaengine/vespa:8.526.15")),
            workload: Some(Workload::StatefulSet),
            headless: Some(true),
            user: Some(User { uid: 1000, gid: 1000 }),
            ports: named([("config", Port::new(19071, Protocol::Http)), ("query", Port::new(8081, Protocol::Http))]),
            data: Some("/opt/vespa/var".to_owned()),
            owned: ["/opt/vespa/var", "/opt/vespa/logs"].map(str::to_owned).into(),
            writable: Some("writes its configuration beside its code".to_owned()),
            grace: Some(120),
            singleton: Some("every node is a configuration server of its own, and an index of its own".to_owned()),
            probes: Some(Probes {
                check: Some(http("/state/v1/health")),
                live: Some(Probe { timeout: Some(5), failures: Some(6), ..Probe::default() }),
                ready: Some(Probe { timeout: Some(5), ..Probe::default() }),
                start: Some(Probe { timeout: Some(5), ..start(5, 60) }),
            }),
            env: named([("VESPA_SKIP_UPGRADE_CHECK", Template::text("true"))]),
            volumes: named([("/opt/vespa/logs", Volume::empty())]),
            ..Service::default()
        }
    }
}

impl Component for Vespa {
    type Handle = VespaRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::Vespa(self)), ..declared }
    }

    fn handle(name: &str) -> VespaRef {
        VespaRef(name.to_owned())
    }
}
