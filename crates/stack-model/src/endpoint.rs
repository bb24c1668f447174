use std::marker::PhantomData;

use stack_source::Locus;

use crate::relation::{Relation, Speaks, Target};
use crate::{Protocol, Template};

/// A port of a component, with what is spoken there in its type: a client of another protocol does not compile.
///
/// ```
/// use stack_model::Stack;
/// use stack_model::component::{Postgres, R2r, Redis};
///
/// let mut stack = Stack::new("notes");
/// let postgres = stack.add("postgres", Postgres::database("notes"));
/// let redis = stack.add("redis", Redis::append_only());
/// stack.add("r2r", R2r::server().postgres(postgres.sql().when_ready()).redis(redis.redis()));
/// ```
///
/// A Redis client of a PostgreSQL server:
///
/// ```compile_fail,E0277
/// # use stack_model::Stack;
/// # use stack_model::component::{Postgres, R2r};
/// # let mut stack = Stack::new("notes");
/// # let postgres = stack.add("postgres", Postgres::database("notes"));
/// stack.add("r2r", R2r::server().redis(postgres.sql()));
/// ```
#[derive(Clone, Debug)]
pub struct Endpoint<P> {
    to: Target,
    protocol: Option<Protocol>,
    speaks: PhantomData<P>,
}

/// An edge to an [`Endpoint`], with what is spoken there still in its type.
#[derive(Clone, Debug)]
pub struct Connection<P> {
    relation: Relation,
    speaks: PhantomData<P>,
}

impl<P: Speaks> Endpoint<P> {
    /// The endpoint of a service that is known to speak `P` there; `check` holds the service to it.
    pub fn new(service: &str, port: &str) -> Self {
        Self { protocol: Some(P::PROTOCOL), ..Self::named(service, port) }
    }

    /// The first port of a component, as `uses: [redis]` means it.
    pub(crate) fn first(service: &str) -> Self {
        Self { to: Target { name: service.to_owned(), port: None }, protocol: None, speaks: PhantomData }
    }

    /// A port of a component, as `uses: [qdrant.grpc]` means it.
    pub(crate) fn named(service: &str, port: &str) -> Self {
        let to = Target { name: service.to_owned(), port: Some(port.to_owned()) };
        Self { to, protocol: None, speaks: PhantomData }
    }

    /// An edge to it.
    #[track_caller]
    pub fn relation(&self) -> Relation {
        Relation { to: self.to.clone(), protocol: self.protocol, at: Locus::caller(), ..Relation::default() }
    }

    /// An edge to it that start-up waits for.
    #[track_caller]
    pub fn when_ready(&self) -> Connection<P> {
        Connection::from(self).when_ready()
    }

    /// An edge to it that tells the consumer in this variable.
    #[track_caller]
    pub fn env(&self, name: &str, value: impl Into<Template>) -> Connection<P> {
        Connection::from(self).env(name, value)
    }

    /// An edge to it, and what for.
    #[track_caller]
    pub fn purpose(&self, purpose: impl Into<String>) -> Connection<P> {
        Connection::from(self).purpose(purpose)
    }
}

impl<P> Connection<P> {
    /// Waits until the provider is ready.
    #[must_use]
    pub fn when_ready(self) -> Self {
        Self { relation: self.relation.when_ready(), ..self }
    }

    /// Uses these ports of the provider.
    #[must_use]
    pub fn ports<'a>(self, ports: impl IntoIterator<Item = &'a str>) -> Self {
        Self { relation: self.relation.ports(ports), ..self }
    }

    /// Says what for.
    #[must_use]
    pub fn purpose(self, purpose: impl Into<String>) -> Self {
        Self { relation: self.relation.purpose(purpose), ..self }
    }

    /// Tells the consumer, in this variable.
    #[must_use]
    #[track_caller]
    pub fn env(self, name: &str, value: impl Into<Template>) -> Self {
        Self { relation: self.relation.env(name, value), ..self }
    }
}

impl<P: Speaks> From<&Endpoint<P>> for Connection<P> {
    #[track_caller]
    fn from(endpoint: &Endpoint<P>) -> Self {
        Self { relation: endpoint.relation(), speaks: PhantomData }
    }
}

impl<P: Speaks> From<Endpoint<P>> for Connection<P> {
    #[track_caller]
    fn from(endpoint: Endpoint<P>) -> Self {
        Self::from(&endpoint)
    }
}

impl<P: Speaks> From<Endpoint<P>> for Relation {
    #[track_caller]
    fn from(endpoint: Endpoint<P>) -> Self {
        endpoint.relation()
    }
}

impl<P: Speaks> From<&Endpoint<P>> for Relation {
    #[track_caller]
    fn from(endpoint: &Endpoint<P>) -> Self {
        endpoint.relation()
    }
}

impl<P> From<Connection<P>> for Relation {
    fn from(connection: Connection<P>) -> Self {
        connection.relation
    }
}
