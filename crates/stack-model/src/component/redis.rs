use super::{credentials, named, own_secret, start};
use crate::merge::replace;
use crate::relation::speaks;
use crate::{
    Component, Declared, Endpoint, Known, Port, Probe, ProbeCheck, Probes, Protocol, Service, Template, User, Volume,
    Workload,
};

/// Redis.
///
/// Facts from docker-library/redis (`7.4/alpine/Dockerfile`): user 999 in group 1000 on Alpine; data in `/data`; the image declares
/// `/data` a volume, so persistence must be said either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Redis {
    /// Whether writes survive a restart of the container; append-only where it is not said.
    pub persistence: Option<Persistence>,
    /// Whether clients sign in; where it is not said, only if a key is named for the password.
    pub auth: Option<Auth>,
}

/// Whether Redis' writes survive a restart of the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// Every write goes to a log.
    AppendOnly,
    /// Memory only.
    None,
}

/// Whether clients sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Nobody is asked.
    None,
    /// With one password for all.
    Password,
}

/// A Redis that others can connect to.
#[derive(Clone, Debug)]
pub struct RedisRef(String);

impl RedisRef {
    /// Redis' protocol.
    pub fn redis(&self) -> Endpoint<speaks::Redis> {
        Endpoint::first(&self.0)
    }
}

impl Redis {
    /// A server.
    #[track_caller]
    pub fn server() -> Declared<Self> {
        Declared::of(Self::default())
    }

    /// A server that keeps its writes in a log.
    #[track_caller]
    pub fn append_only() -> Declared<Self> {
        Declared::of(Self { persistence: Some(Persistence::AppendOnly), auth: None })
    }

    /// A server that forgets.
    #[track_caller]
    pub fn ephemeral() -> Declared<Self> {
        Declared::of(Self { persistence: Some(Persistence::None), auth: None })
    }

    pub(super) fn merge(&mut self, over: Self) {
        replace(&mut self.persistence, over.persistence.as_ref());
        replace(&mut self.auth, over.auth.as_ref());
    }

    pub(super) fn facts(self, declared: &Service) -> Service {
        let appends = self.persistence != Some(Persistence::None);
        // Who says what the key of its password is called wants one.
        let keyed = declared.secret_keys.contains_key("password");
        let password = self.auth.map_or(keyed, |auth| auth == Auth::Password);
        let persistence: &[&str] =
            if appends { &["--appendonly", "yes", "--dir", "/data"] } else { &["--save", "", "--appendonly", "no"] };
        let mut service = Service {
            image: Some(Template::text("redis:7.4.11-alpine")),
            workload: Some(Workload::StatefulSet),
            user: Some(User { uid: 999, gid: 1000 }),
            ports: named([("redis", Port::new(6379, Protocol::Redis))]),
            singleton: Some("two servers behind one name are two caches that know nothing of each other".to_owned()),
            probes: Some(Probes {
                check: Some(ProbeCheck::Exec(["sh", "-c", "redis-cli ping | grep -q PONG"].map(Template::text).into())),
                live: Some(Probe { timeout: Some(5), failures: Some(6), ..Probe::default() }),
                ready: Some(Probe { every: Some(5), timeout: Some(5), ..Probe::default() }),
                start: Some(Probe { timeout: Some(5), ..start(5, 24) }),
            }),
            command: Some(vec![Template::text("redis-server")]),
            args: Some(persistence.iter().copied().map(Template::text).collect()),
            ..Service::default()
        };
        if appends {
            service.data = Some("/data".to_owned());
        } else {
            service.volumes = named([("/data", Volume::empty())]);
        }
        if password {
            service.secrets = credentials(["password"]);
            service.env = named([("REDISCLI_AUTH", own_secret("password"))]);
            let args = service.args.get_or_insert_default();
            args.extend([Template::text("--requirepass"), own_secret("password")]);
            service.provides = named([
                ("password", own_secret("password")),
                ("url", Template::parse("redis://:<password>@<host>:<port>")),
            ]);
        } else {
            service.withholds.push("password".to_owned());
        }
        service
    }
}

impl Declared<Redis> {
    /// Asks clients for a password.
    #[must_use]
    pub fn password(mut self) -> Self {
        self.component.auth = Some(Auth::Password);
        self
    }
}

impl Component for Redis {
    type Handle = RedisRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::Redis(self)), ..declared }
    }

    fn handle(name: &str) -> RedisRef {
        RedisRef(name.to_owned())
    }
}
