//! A stack of which everything is decided: what lowering and the views read.

mod composed;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use stack_krm::{Cidr, ConfigKey, DnsLabel, DnsSubdomain, EnvName, ImageRef, PortName, Quantity, ServiceName};
use stack_source::Locus;

use crate::{
    AccessMode, Affinity, Build, Gpu, IngressRule, PortNumber, ProbeCheck, Protocol, PullPolicy, Resources, Scale,
    ServiceId, Spread, Update, User, Wait, Workload,
};

pub use composed::{Composed, Part};

/// A service of which everything is decided.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which service it is.
    pub id: ServiceId,
    /// What its objects are called, before prefix and suffix.
    pub name: ServiceName,
    /// What its Kubernetes Service is called.
    pub service_name: ServiceName,
    /// The headless Kubernetes Service that gives its pods names, where that is another one.
    pub pod_domain: Option<ServiceName>,
    /// What its container is called.
    pub container: ServiceName,
    /// What its autoscaler is called.
    pub autoscaler: DnsSubdomain,
    /// What it is an instance of: the component's name, or its own.
    pub application: String,
    /// The version that its label says.
    pub version: Option<String>,
    /// The kind of workload.
    pub workload: Workload,
    /// Its image.
    pub image: ImageRef,
    /// How the image is built, where it is built here.
    pub build: Option<Build>,
    /// When it runs, of a CronJob.
    pub schedule: Option<String>,
    /// When a node pulls it.
    pub pull: PullPolicy,
    /// What is run in place of the entry point.
    pub command: Vec<Composed>,
    /// Arguments.
    pub args: Vec<Composed>,
    /// Ports, the first one first.
    pub ports: Vec<PlannedPort>,
    /// Variables.
    pub env: IndexMap<EnvName, Composed>,
    /// The ConfigMap that carries its plain variables.
    pub config_map: Option<DnsSubdomain>,
    /// The services whose host name it is told.
    pub hosts: BTreeSet<ServiceId>,
    /// The services whose pods' names it is told.
    pub pod_hosts: BTreeSet<ServiceId>,
    /// The service and its step of which it is the Job; then its volumes and files are that service's.
    pub step_of: Option<(ServiceId, DnsLabel)>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Files, grouped by the ConfigMap that carries them.
    pub config: Vec<Config>,
    /// Probes.
    pub probes: PlannedProbes,
    /// What it asks for and may use.
    pub resources: Resources,
    /// The fewest and the most pods.
    pub replica_range: (u32, u32),
    /// The number of pods, where it is fixed.
    pub replicas: Option<u32>,
    /// The autoscaler, where it is not.
    pub scale: Option<Scale>,
    /// Whether it may have several pods.
    pub replicated: bool,
    /// Whether pods of the old version must be gone before new ones come.
    pub exclusive: bool,
    /// How its pods are changed for new ones, where they may overlap.
    pub update: Option<Update>,
    /// Whether its pods stand on different nodes.
    pub spread: Option<Spread>,
    /// What keeps a client with one pod.
    pub affinity: Option<Affinity>,
    /// How many accelerators a pod has, and whose.
    pub gpu: Option<(u32, Gpu)>,
    /// The user and group of its containers.
    pub user: User,
    /// Whether the root file system is read-only.
    pub read_only: bool,
    /// Seconds between the signal to stop and the end.
    pub grace: Option<u32>,
    /// Whether the Kubernetes Service has no address of its own.
    pub headless: bool,
    /// Mount paths whose root folder belongs to the user.
    pub owned: Vec<String>,
    /// What happens in its pods before it starts, after the waits.
    pub init: Vec<PlannedStep>,
    /// Ports that its pods have for each other.
    pub peers: Vec<PlannedPort>,
    /// Bounded init steps, in order.
    pub waits: Vec<WaitStep>,
    /// Edges to others.
    pub edges: Vec<Edge>,
    /// Edges from outside.
    pub exposed: Vec<Exposed>,
    /// Labels that select its pods beside the one that always does.
    pub selector: BTreeMap<String, String>,
    /// More labels.
    pub labels: BTreeMap<String, String>,
    /// The wave in which it starts, from one.
    pub wave: usize,
    /// Seconds until it is ready at the latest, counted from the start of the rollout: its waits, and its own start-up probe.
    pub start_budget: u32,
}

/// Variables that start like this lead to hosts and secrets, and stand beside the container.
const OWN_VARIABLES: &str = "STACK_";

/// Whether a variable is called like those.
pub(crate) fn is_ours(name: &EnvName) -> bool {
    name.as_str().starts_with(OWN_VARIABLES)
}

impl Plan {
    /// The variables that its ConfigMap carries, where it has one: those that are text and nothing else.
    pub fn plain_variables(&self) -> impl Iterator<Item = (&EnvName, &str)> {
        let all = self.env.iter().filter(|_| self.config_map.is_some());
        all.filter_map(|(name, value)| Some((name, value.as_text()?))).filter(|(name, _)| !is_ours(name))
    }

    /// The variables that its author or its component gave its containers.
    pub(crate) fn own_variables(&self) -> impl Iterator<Item = &EnvName> {
        self.env.keys().chain(self.init.iter().flat_map(|step| step.env.keys()))
    }

    /// What its containers are told through variables that stand beside its own.
    pub(crate) fn carried(&self) -> impl Iterator<Item = Part> {
        let steps = self.init.iter();
        let variables = self.env.values().chain(steps.clone().flat_map(|step| step.env.values()));
        let composed = variables.filter(|value| value.0.len() > 1);
        let words = self.command.iter().chain(&self.args);
        let words = words.chain(steps.flat_map(|step| step.command.iter().chain(&step.done)));
        let secrets = composed.chain(words).flat_map(Composed::secrets);
        let secrets = secrets.map(|(secret, _)| Part::Secret(secret.clone(), false));
        let near = self.edges.iter().filter_map(|edge| match &edge.to {
            EdgeEnd::Service(service) => Some(service),
            EdgeEnd::External(_) => None,
        });
        let hosts = self.hosts.iter().chain(near).cloned().map(Part::Host);
        hosts.chain(self.pod_hosts.iter().cloned().map(Part::PodDomain)).chain(secrets)
    }

    /// Whether its ConfigMap carries this variable.
    pub(crate) fn is_plain(&self, name: &EnvName) -> bool {
        let value = self.env.get(name).filter(|_| self.config_map.is_some());
        value.is_some_and(|value| value.as_text().is_some()) && !is_ours(name)
    }
}

/// A port of which everything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPort {
    /// Its name.
    pub name: PortName,
    /// The port of the Kubernetes Service.
    pub service: PortNumber,
    /// What the container listens on.
    pub container: PortNumber,
    /// What is spoken.
    pub protocol: Protocol,
}

impl PlannedPort {
    /// The number that clients dial, of a service that is headless or not.
    pub fn dialled(&self, headless: bool) -> PortNumber {
        crate::port::dialled(headless, self.service, self.container)
    }
}

/// A volume at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The volume's name in the pod.
    pub volume: DnsLabel,
    /// The path.
    pub path: String,
    /// Where the bytes are.
    pub source: MountSource,
}

/// Where the bytes of a [`Mount`] are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    /// An `emptyDir`.
    Empty {
        /// The most it may hold.
        size: Option<Quantity>,
        /// Whether it lies in memory.
        memory: bool,
    },
    /// A claim.
    Claim {
        /// Its name, before prefix and suffix; of a StatefulSet, the volume's name counts.
        name: DnsSubdomain,
        /// How much is asked for.
        size: Quantity,
        /// Who may mount it at once.
        access: AccessMode,
        /// The storage class, where the environment says which.
        class: Option<String>,
    },
    /// Files; several that bring some make a projected volume.
    Files(Vec<FileSource>),
}

/// A ConfigMap or Secret that brings files into a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSource {
    /// Which of both.
    pub carrier: Carrier,
    /// Its name, before prefix, suffix and hash.
    pub name: DnsSubdomain,
    /// The key of each file.
    pub files: BTreeMap<String, ConfigKey>,
}

/// What carries files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

/// Files in a ConfigMap.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its name, before prefix, suffix and hash.
    pub name: DnsSubdomain,
    /// The folder of the package that holds the originals; none where the model wrote the text.
    pub folder: Option<String>,
    /// Key and content.
    pub files: BTreeMap<ConfigKey, Vec<u8>>,
    /// What the originals are called in that folder.
    pub originals: BTreeMap<ConfigKey, String>,
}

/// Probes of which everything is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedProbes {
    /// Restarts.
    pub live: Option<PlannedProbe>,
    /// Takes out of the Kubernetes Service.
    pub ready: Option<PlannedProbe>,
    /// Holds the others back.
    pub start: Option<PlannedProbe>,
}

/// A probe of which everything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedProbe {
    /// What it asks; ports are named.
    pub check: ProbeCheck,
    /// The command, for an exec check.
    pub command: Vec<String>,
    /// Seconds before the first try.
    pub delay: Option<u32>,
    /// Seconds between tries.
    pub every: Option<u32>,
    /// Seconds for an answer.
    pub timeout: Option<u32>,
    /// Failures in a row that count.
    pub failures: Option<u32>,
}

/// A step before the container starts of which everything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// Its name.
    pub name: DnsLabel,
    /// What is run.
    pub command: Vec<Composed>,
    /// What says that nothing is left to do; empty where nothing does.
    pub done: Vec<Composed>,
    /// Its own variables.
    pub env: IndexMap<EnvName, Composed>,
    /// The Job that runs it once for all pods, where one does.
    pub job: Option<ServiceName>,
}

/// An init step that waits for a provider, and for how long at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitStep {
    /// The provider.
    pub provider: ServiceId,
    /// The port that must answer, as clients dial it.
    pub port: PortNumber,
    /// Seconds after which it gives up.
    pub seconds: u32,
}

/// An edge of which everything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The far end.
    pub to: EdgeEnd,
    /// The ports that are used.
    pub ports: Vec<PlannedPort>,
    /// What for.
    pub purpose: Option<String>,
    /// Whether start-up waits for it.
    pub wait: Option<Wait>,
    /// The consumer's variables by which it binds.
    pub env: Vec<EnvName>,
}

/// The far end of an [`Edge`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EdgeEnd {
    /// A service of the stack.
    Service(ServiceId),
    /// Someone or something outside.
    External(OutsideEnd),
}

/// The outside end of an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideEnd {
    /// Its name in the stack.
    pub name: String,
    /// A server's address; none for a person.
    pub url: Option<String>,
    /// The addresses, where they are a known range.
    pub network: Option<Cidr>,
    /// The port number; every one where none is said.
    pub port: Option<PortNumber>,
}

/// An edge from outside of which everything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// Who comes this way.
    pub from: Option<String>,
    /// The port that is reached.
    pub port: PlannedPort,
    /// By which way.
    pub way: ExposedWay,
    /// What for.
    pub purpose: Option<String>,
    /// Where it was written.
    pub at: Locus,
}

/// By which way something outside reaches a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExposedWay {
    /// At the ingress.
    Ingress {
        /// The host name.
        host: String,
        /// Path and certificate.
        rule: IngressRule,
    },
    /// By a load balancer.
    LoadBalancer(Option<String>),
    /// By a port of every node.
    NodePort(Option<u16>),
}
