use indexmap::IndexMap;
use stack_krm::Quantity;

use super::{credentials, named, own_secret, start};
use crate::merge::replace;
use crate::relation::speaks;
use crate::{
    Component, ConfigFile, Declared, Endpoint, Known, Port, Probe, ProbeCheck, Probes, Protocol, Service, Template,
    User, Volume, Workload,
};

/// PostgreSQL, with pgvector where the `vector` extension is asked for.
///
/// Facts from docker-library/postgres (`docker-entrypoint.sh`) and pgvector/pgvector: user 999, on Alpine 70; `PGDATA` lies in a subdirectory,
/// since a fresh volume holds `lost+found` and initdb wants an empty folder; the probe dials 127.0.0.1, because the server that
/// runs during initialisation listens on its socket only; `/dev/shm` is 64 MiB unless it is a memory volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Postgres {
    /// The superuser; `postgres` where none is said.
    pub user: Option<String>,
    /// The database; `postgres` where none is said.
    pub database: Option<String>,
    /// Extensions that the database gets when it is made.
    pub extensions: Vec<String>,
}

/// A PostgreSQL that others can connect to.
#[derive(Clone, Debug)]
pub struct PostgresRef(String);

impl PostgresRef {
    /// SQL.
    pub fn sql(&self) -> Endpoint<speaks::Sql> {
        Endpoint::first(&self.0)
    }
}

impl Postgres {
    /// A server with this database.
    #[track_caller]
    pub fn database(name: &str) -> Declared<Self> {
        Declared::of(Self { database: Some(name.to_owned()), ..Self::default() })
    }

    pub(super) fn merge(&mut self, over: &Self) {
        replace(&mut self.user, over.user.as_ref());
        replace(&mut self.database, over.database.as_ref());
        if !over.extensions.is_empty() {
            self.extensions.clone_from(&over.extensions);
        }
    }

    pub(super) fn facts(&self, declared: &Service) -> Service {
        // The images on Alpine have another number for the same user.
        let alpine =
            declared.image.as_ref().and_then(Template::as_text).is_some_and(|image| image.ends_with("-alpine"));
        let number = if alpine { 70 } else { 999 };
        let user = self.user.as_deref().unwrap_or("postgres");
        let database = self.database.as_deref().unwrap_or("postgres");
        let vector = self.extensions.iter().any(|extension| extension == "vector");
        let image = if vector { "pgvector/pgvector:0.8.1-pg16" } else { "postgres:16.11" };
        let check = ["sh", "-c", "exec pg_isready -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\""];
        let probe = |every, failures| Probe { timeout: Some(5), ..start(every, failures) };
        Service {
            image: Some(Template::text(image)),
            workload: Some(Workload::StatefulSet),
            user: Some(User { uid: number, gid: number }),
            ports: named([("sql", Port::new(5432, Protocol::Sql))]),
            data: Some("/var/lib/postgresql/data".to_owned()),
            grace: Some(60),
            singleton: Some(
                "two servers on one data directory destroy it, and a second claim is another database".to_owned(),
            ),
            probes: Some(Probes {
                check: Some(ProbeCheck::Exec(check.map(Template::text).into())),
                live: Some(probe(10, 6)),
                ready: Some(probe(5, 3)),
                start: Some(probe(5, 24)),
            }),
            secrets: credentials(["password"]),
            env: named([
                ("POSTGRES_USER", Template::text(user)),
                ("POSTGRES_PASSWORD", own_secret("password")),
                ("POSTGRES_DB", Template::text(database)),
                ("PGDATA", Template::text("/var/lib/postgresql/data/pgdata")),
            ]),
            provides: named([
                ("user", Template::text(user)),
                ("password", own_secret("password")),
                ("database", Template::text(database)),
                ("url", Template::parse("postgresql://<user>:<password>@<host>:<port>/<database>")),
            ]),
            volumes: named([
                ("/dev/shm", Volume::memory(Quantity::mi(256))),
                ("/var/run/postgresql", Volume::empty()),
                ("/tmp", Volume::empty()),
            ]),
            files: self.extension_script(),
            ..Service::default()
        }
    }

    fn extension_script(&self) -> IndexMap<String, ConfigFile> {
        if self.extensions.is_empty() {
            return IndexMap::new();
        }
        let lines = self.extensions.iter().map(|name| format!("CREATE EXTENSION IF NOT EXISTS \"{name}\";\n"));
        let script = ConfigFile::Text(Template::text(lines.collect::<String>()));
        named([("/docker-entrypoint-initdb.d/extensions.sql", script)])
    }
}

impl Declared<Postgres> {
    /// Adds an extension to the database.
    #[must_use]
    pub fn extension(mut self, name: &str) -> Self {
        self.component.extensions.push(name.to_owned());
        self
    }

    /// Adds extensions to the database.
    #[must_use]
    pub fn extensions<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.component.extensions.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Names the superuser.
    #[must_use]
    pub fn superuser(mut self, name: &str) -> Self {
        self.component.user = Some(name.to_owned());
        self
    }
}

impl Component for Postgres {
    type Handle = PostgresRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::Postgres(self)), ..declared }
    }

    fn handle(name: &str) -> PostgresRef {
        PostgresRef(name.to_owned())
    }
}
