use stack_krm::{ConfigKey, DnsSubdomain};
use stack_source::Locus;

use crate::{
    Affinity, Amount, Build, Claim, Component, ConfigFile, Expose, InitStep, Names, Port, ProbeCheck, Probes, Protocol,
    Reference, Relation, Resources, Scale, Service, Spread, Template, Update, User, Volume, Workload,
};

/// A service while it is written in Rust: a component's options, and what every service can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared<C> {
    /// The component's options.
    pub component: C,
    /// What is said of the service itself.
    pub service: Service,
}

impl<C: Component> Declared<C> {
    /// A service of this component.
    #[track_caller]
    pub fn of(component: C) -> Self {
        Self { component, service: Service { at: Locus::caller(), ..Service::default() } }
    }

    /// Builds its image from this folder of the package.
    #[must_use]
    #[track_caller]
    pub fn build(mut self, build: impl Into<Build>) -> Self {
        self.service.build = Some(build.into());
        self
    }

    /// Runs this image.
    #[must_use]
    #[track_caller]
    pub fn image(mut self, image: impl Into<Template>) -> Self {
        self.service.image = Some(image.into());
        self
    }

    /// Chooses the kind of workload.
    #[must_use]
    pub fn workload(mut self, workload: Workload) -> Self {
        self.service.workload = Some(workload);
        self
    }

    /// Runs this in place of the image's entry point.
    #[must_use]
    #[track_caller]
    pub fn command<T: Into<Template>>(mut self, command: impl IntoIterator<Item = T>) -> Self {
        self.service.command = Some(command.into_iter().map(Into::into).collect());
        self
    }

    /// Passes these arguments.
    #[must_use]
    #[track_caller]
    pub fn args<T: Into<Template>>(mut self, args: impl IntoIterator<Item = T>) -> Self {
        self.service.args = Some(args.into_iter().map(Into::into).collect());
        self
    }

    /// Listens on a port. What is spoken there is the protocol that its name is of, as `http` or `grpc`; else TCP.
    #[must_use]
    #[track_caller]
    pub fn port(self, name: &str, number: u16) -> Self {
        let protocol = Protocol::named(name).unwrap_or(Protocol::Tcp);
        self.port_speaking(name, Port::new(number, protocol))
    }

    /// Listens on a port of which all is said.
    #[must_use]
    pub fn port_speaking(mut self, name: &str, port: Port) -> Self {
        self.service.ports.insert(name.to_owned(), port);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    #[track_caller]
    pub fn env(mut self, name: &str, value: impl Into<Template>) -> Self {
        self.service.env.insert(name.to_owned(), value.into());
        self
    }

    /// Uses an endpoint.
    #[must_use]
    #[track_caller]
    pub fn uses(mut self, relation: impl Into<Relation>) -> Self {
        self.service.uses.push(relation.into());
        self
    }

    /// Rolls out after another service.
    #[must_use]
    pub fn after(mut self, service: &str) -> Self {
        self.service.after.push(service.to_owned());
        self
    }

    /// Mounts a volume.
    #[must_use]
    pub fn volume(mut self, path: &str, volume: Volume) -> Self {
        self.service.volumes.insert(path.to_owned(), volume);
        self
    }

    /// Keeps its data on a claim of this size.
    #[must_use]
    pub fn storage(mut self, size: stack_krm::Quantity) -> Self {
        self.service.storage = Some(Claim::of(size));
        self
    }

    /// Puts a file of the package, verbatim, into the container.
    #[must_use]
    #[track_caller]
    pub fn file(mut self, path: &str, original: &str) -> Self {
        let file = ConfigFile::Original { path: original.to_owned(), at: Locus::caller() };
        self.service.files.insert(path.to_owned(), file);
        self
    }

    /// Keeps its own credentials in this Secret.
    #[must_use]
    pub fn secret(mut self, name: &str) -> Self {
        self.service.secret = Some(name.to_owned());
        self
    }

    /// Asks all three probes at this path of the first port.
    #[must_use]
    pub fn probe(self, path: &str) -> Self {
        let check = Some(ProbeCheck::Http { path: path.to_owned(), port: None });
        self.probes(Probes { check, ..Probes::default() })
    }

    /// Says how Kubernetes asks after it.
    #[must_use]
    pub fn probes(mut self, probes: Probes) -> Self {
        self.service.probes = Some(probes);
        self
    }

    /// Says what it asks for and may use.
    #[must_use]
    pub fn resources(mut self, resources: Resources) -> Self {
        self.service.resources = Some(resources);
        self
    }

    /// Asks for this much CPU and may use that much: `.cpu(milli(250)..milli(1000))`.
    #[must_use]
    pub fn cpu(mut self, amount: impl Into<Amount>) -> Self {
        self.service.resources.get_or_insert_default().cpu = amount.into();
        self
    }

    /// Asks for this much memory and may use that much: `.memory(mi(512)..gi(1))`.
    #[must_use]
    pub fn memory(mut self, amount: impl Into<Amount>) -> Self {
        self.service.resources.get_or_insert_default().memory = amount.into();
        self
    }

    /// Runs this many pods.
    #[must_use]
    pub fn replicas(mut self, replicas: u32) -> Self {
        self.service.replicas = Some(replicas);
        self
    }

    /// Runs as many pods as the load asks for.
    #[must_use]
    pub fn scale(mut self, scale: Scale) -> Self {
        self.service.scale = Some(scale);
        self
    }

    /// Runs as this user and group.
    #[must_use]
    pub fn user(mut self, number: i64) -> Self {
        self.service.user = Some(User { uid: number, gid: number });
        self
    }

    /// Needs a writable root file system, for this reason.
    #[must_use]
    pub fn writable(mut self, reason: &str) -> Self {
        self.service.writable = Some(reason.to_owned());
        self
    }

    /// Is there only where this is true; edges to it vanish with it.
    #[must_use]
    pub fn when(mut self, there: bool) -> Self {
        self.service.when = Some(there);
        self
    }

    /// Runs at these times: a CronJob.
    #[must_use]
    pub fn schedule(mut self, schedule: &str) -> Self {
        self.service.schedule = Some(schedule.to_owned());
        self
    }

    /// Runs a step in its pods before it starts.
    #[must_use]
    pub fn init(mut self, name: &str, step: InitStep) -> Self {
        self.service.init.insert(name.to_owned(), step);
        self
    }

    /// Changes its pods for new ones like this.
    #[must_use]
    pub fn update(mut self, update: Update) -> Self {
        self.service.update = Some(update);
        self
    }

    /// Puts its pods on different nodes.
    #[must_use]
    pub fn spread(mut self, spread: Spread) -> Self {
        self.service.spread = Some(spread);
        self
    }

    /// Keeps a client with one pod.
    #[must_use]
    pub fn affinity(mut self, affinity: Affinity) -> Self {
        self.service.affinity = Some(affinity);
        self
    }

    /// Gives each pod so many accelerators.
    #[must_use]
    pub fn gpu(mut self, count: u32) -> Self {
        self.service.gpu = Some(count);
        self
    }

    /// Has one pod only, for this reason.
    #[must_use]
    pub fn singleton(mut self, reason: &str) -> Self {
        self.service.singleton = Some(reason.to_owned());
        self
    }

    /// Labels its objects; the label never selects.
    #[must_use]
    #[track_caller]
    pub fn label(mut self, key: &str, value: impl Into<Template>) -> Self {
        self.service.labels.insert(key.to_owned(), value.into());
        self
    }

    /// Selects its pods by this label too.
    #[must_use]
    #[track_caller]
    pub fn selector(mut self, key: &str, value: impl Into<Template>) -> Self {
        self.service.selector.insert(key.to_owned(), value.into());
        self
    }

    /// Puts its plain variables into this ConfigMap.
    #[must_use]
    pub fn config_map(mut self, name: DnsSubdomain) -> Self {
        self.service.config_map = Some(name);
        self
    }

    /// Calls its objects differently.
    #[must_use]
    pub fn names(mut self, names: Names) -> Self {
        self.service.names = names;
        self
    }

    /// Asks for this claim as its data's.
    #[must_use]
    pub fn claim(mut self, claim: Claim) -> Self {
        self.service.storage = Some(claim);
        self
    }

    /// Calls a key of its own Secret differently.
    #[must_use]
    pub fn secret_key(mut self, key: &str, called: ConfigKey) -> Self {
        self.service.secret_keys.insert(key.to_owned(), called);
        self
    }

    /// Puts a key of a Secret into the container, as a file.
    #[must_use]
    #[track_caller]
    pub fn secret_file(mut self, path: &str, secret: Reference) -> Self {
        self.service.files.insert(path.to_owned(), ConfigFile::Secret(Template::reference(secret)));
        self
    }

    /// Stops within so many seconds.
    #[must_use]
    pub fn grace(mut self, seconds: u32) -> Self {
        self.service.grace = Some(seconds);
        self
    }

    /// Leads clients straight to the pods.
    #[must_use]
    pub fn headless(mut self) -> Self {
        self.service.headless = Some(true);
        self
    }

    /// Opens it to the outside.
    #[must_use]
    pub fn expose(mut self, expose: Expose) -> Self {
        self.service.expose.push(expose);
        self
    }
}
