use stack_source::Locus;

use super::{http, named, start};
use crate::relation::speaks;
use crate::{
    Attribute, Component, Declared, Endpoint, Known, Port, Probe, Probes, Protocol, Service, Template, User, Volume,
    Workload,
};

/// Qdrant: one node, or with several replicas a cluster of as many.
///
/// Facts from qdrant/qdrant (`Dockerfile`, `tools/entrypoint.sh`, `src/actix/mod.rs`): 6333 HTTP, 6334 gRPC; `/livez`, `/readyz` answer
/// without an API key; the `-unprivileged` images run as 1000; the entry point wants to write its marker file, so that gets a place.
/// Of a cluster (qdrant/qdrant-helm, `templates/configmap.yaml`): nodes talk at 6335 and find each other by their pods' names; the
/// first one starts the cluster, the others join it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qdrant;

/// A Qdrant that others can connect to.
#[derive(Clone, Debug)]
pub struct QdrantRef(String);

impl QdrantRef {
    /// The HTTP API.
    pub fn http(&self) -> Endpoint<speaks::Qdrant> {
        Endpoint::first(&self.0)
    }

    /// The gRPC API.
    pub fn grpc(&self) -> Endpoint<speaks::Grpc> {
        Endpoint::named(&self.0, "grpc")
    }
}

impl Qdrant {
    /// One node.
    #[track_caller]
    pub fn node() -> Declared<Self> {
        Declared::of(Self)
    }

    pub(super) fn facts(self, declared: &Service) -> Service {
        let (_, most) = declared.replica_range();
        let stateful = declared.workload.is_none_or(|workload| workload == Workload::StatefulSet);
        let node = self.one();
        if most > 1 && stateful { clustered(node) } else { node }
    }

    #[expect(clippy::unused_self, reason = "Qdrant has no options")]
    fn one(self) -> Service {
        let own_port = |port: &str| Template::reference(crate::Reference::new(["self", port, Attribute::Port.name()]));
        Service {
            image: Some(Template::text("qdrant/qdrant:v1.19.0-unprivileged")),
            workload: Some(Workload::StatefulSet),
            user: Some(User { uid: 1000, gid: 1000 }),
            ports: named([("http", Port::new(6333, Protocol::Qdrant)), ("grpc", Port::new(6334, Protocol::Grpc))]),
            data: Some("/qdrant/storage".to_owned()),
            singleton: Some("pods without cluster mode are databases that know nothing of each other".to_owned()),
            probes: Some(Probes {
                check: Some(http("/readyz")),
                live: Some(Probe { check: Some(http("/livez")), ..Probe::default() }),
                ready: Some(Probe { every: Some(5), ..Probe::default() }),
                start: Some(start(5, 24)),
            }),
            env: named([
                ("QDRANT__SERVICE__HTTP_PORT", own_port("http")),
                ("QDRANT__SERVICE__GRPC_PORT", own_port("grpc")),
                ("QDRANT_INIT_FILE_PATH", Template::text("/qdrant/init/.qdrant-initialized")),
            ]),
            volumes: named([("/qdrant/snapshots", Volume::empty()), ("/qdrant/init", Volume::empty())]),
            ..Service::default()
        }
    }
}

/// How a node of a cluster starts: the kubelet puts in the domain of the pods, the shell the pod's own name.
const START: &str = "\
uri=http://$HOSTNAME.<self.pod-domain>:6335
first=$(echo \"$HOSTNAME\" | sed 's/-[0-9]*$/-0/')
[ \"$HOSTNAME\" = \"$first\" ] && exec ./entrypoint.sh --uri \"$uri\"
exec ./entrypoint.sh --uri \"$uri\" --bootstrap \"http://$first.<self.pod-domain>:6335\"
";

/// A node that belongs to a cluster.
fn clustered(node: Service) -> Service {
    let mut service = Service { singleton: None, ..node };
    service.env.insert("QDRANT__CLUSTER__ENABLED".to_owned(), Template::text("true"));
    service.peers = named([("p2p", Port::new(6335, Protocol::Grpc))]);
    service.command = Some(["sh", "-c"].map(Template::text).into());
    service.args = Some(vec![Template::parse(START).at(Locus::Derived)]);
    service
}

impl Component for Qdrant {
    type Handle = QdrantRef;

    fn declare(self, declared: Service) -> Service {
        Service { component: Some(Known::Qdrant(self)), ..declared }
    }

    fn handle(name: &str) -> QdrantRef {
        QdrantRef(name.to_owned())
    }
}
