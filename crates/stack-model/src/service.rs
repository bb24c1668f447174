use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsSubdomain};
use stack_source::Locus;

use crate::component::{Known, Plain};
use crate::merge::{entries, lay, replace};
use crate::{
    Affinity, Build, Chart, Claim, Declared, Expose, InitStep, Names, Places, Port, Probes, Protocol, Relation,
    Resources, Scale, Secret, Spread, Template, Update, Volume, Workload,
};

/// One unit of a stack, in Compose's sense of the word: a workload, its Kubernetes Service, and all that belongs to both.
///
/// A plain record of what was said; what was not said is left to the component, and then to the defaults. Two of them merge: an
/// overlay's is laid on top of the stack's, and both on top of the component's. The Kubernetes kind of the same name is always
/// called Kubernetes Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The component whose facts lie below.
    pub component: Option<Known>,
    /// Whether the stack has it: an edge to one that it has not vanishes. It has it where nothing is said.
    pub when: Option<bool>,
    /// The Helm chart that makes it.
    pub chart: Option<Chart>,
    /// Who installed it already; then only its settings and policies are written.
    pub installed_by: Option<String>,
    /// An image that somebody else built.
    pub image: Option<Template>,
    /// An image that is built from the package.
    pub build: Option<Build>,
    /// The kind of workload.
    pub workload: Option<Workload>,
    /// The times at which it runs, of a CronJob.
    pub schedule: Option<String>,
    /// What is run, in place of the image's entry point.
    pub command: Option<Vec<Template>>,
    /// Arguments of what is run.
    pub args: Option<Vec<Template>>,
    /// Ports by name; the first one is the one that is meant where none is named.
    pub ports: IndexMap<String, Port>,
    /// Environment variables.
    pub env: IndexMap<String, Template>,
    /// Edges to services and externals.
    pub uses: Vec<Relation>,
    /// What happens in its pods before it starts, in order.
    pub init: IndexMap<String, InitStep>,
    /// What it acts upon without traffic, and how: a row and an arrow, no policy.
    pub controls: IndexMap<String, String>,
    /// Services whose rollout comes first, without traffic and without a wait.
    pub after: Vec<String>,
    /// What it tells its clients beside host, port and URL: `<password>`, `<master-key>`.
    pub provides: IndexMap<String, Template>,
    /// What others of its kind tell and it has not: a variable that would hold nothing else is left out.
    pub withholds: Vec<String>,
    /// How it binds an edge that says nothing of variables, by what is spoken at the far end.
    pub binds: Vec<Binding>,
    /// Volumes by mount path.
    pub volumes: IndexMap<String, Volume>,
    /// Mount paths whose root folder must belong to the container's user.
    pub owned: Vec<String>,
    /// Ports that its pods have for each other.
    pub peers: IndexMap<String, Port>,
    /// The mount path of the data that `storage` sizes.
    pub data: Option<String>,
    /// The claim of its data.
    pub storage: Option<Claim>,
    /// Files of the container, by path.
    pub files: IndexMap<String, ConfigFile>,
    /// The Secret of the component's own credentials; called as the service where none is said.
    pub secret: Option<String>,
    /// The keys of that Secret, as its owner calls them, by the names that the component has for them.
    pub secret_keys: IndexMap<String, ConfigKey>,
    /// The keys of that Secret.
    pub secrets: Secret,
    /// How Kubernetes asks after it.
    pub probes: Option<Probes>,
    /// What it asks for and may use.
    pub resources: Option<Resources>,
    /// How many pods.
    pub replicas: Option<u32>,
    /// How many pods, by how busy they are.
    pub scale: Option<Scale>,
    /// How its pods are changed for new ones.
    pub update: Option<Update>,
    /// Whether its pods stand on different nodes.
    pub spread: Option<Spread>,
    /// What keeps a client with one pod.
    pub affinity: Option<Affinity>,
    /// How many accelerators a pod has.
    pub gpu: Option<u32>,
    /// Why there may be one pod only.
    pub singleton: Option<String>,
    /// The user and group that the container runs as.
    pub user: Option<User>,
    /// Why the root file system must be writable.
    pub writable: Option<String>,
    /// Seconds between the signal to stop and the end.
    pub grace: Option<u32>,
    /// Whether the Kubernetes Service leads straight to pods, without an address of its own.
    pub headless: Option<bool>,
    /// Edges from outside.
    pub expose: Vec<Expose>,
    /// More labels; they never select.
    pub labels: IndexMap<String, Template>,
    /// Labels that select its pods beside the one that always does.
    pub selector: IndexMap<String, Template>,
    /// The ConfigMap that carries its plain variables, which all services that name it see.
    pub config_map: Option<DnsSubdomain>,
    /// Names that differ from its own.
    pub names: Names,
    /// Where each key of it was written.
    pub places: Places,
    /// Where it was written.
    pub at: Locus,
}

/// The user and group that a container runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's number. 0, which is root, is refused where pods are held to Pod Security *restricted*.
    pub uid: i64,
    /// The group's number.
    pub gid: i64,
}

/// Variables by which a service binds any endpoint that speaks a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// What is spoken at the far end.
    pub protocol: Protocol,
    /// The variables.
    pub env: IndexMap<String, Template>,
}

impl Binding {
    /// Binds endpoints of this protocol in these variables.
    #[track_caller]
    pub fn of<const N: usize>(protocol: Protocol, env: [(&str, Template); N]) -> Self {
        Self { protocol, env: env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }
}

/// A file of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFile {
    /// A file of the package, verbatim.
    Original {
        /// Its path in the package.
        path: String,
        /// Where it was written.
        at: Locus,
    },
    /// A text of the model. Hosts in it become `$STACK_…`, which the image's entry point expands.
    Text(Template),
    /// A key of a Secret: `<secret.data-protection.key-ring>`.
    Secret(Template),
}

impl Service {
    /// A service with an image that somebody else built.
    #[track_caller]
    pub fn image(image: impl Into<Template>) -> Declared<Plain> {
        let mut declared = Declared::of(Plain);
        declared.service.image = Some(image.into());
        declared
    }

    /// A service with an image that is built from this folder of the package.
    #[track_caller]
    pub fn build(context: impl Into<String>) -> Declared<Plain> {
        let mut declared = Declared::of(Plain);
        declared.service.build = Some(Build::of(context));
        declared
    }

    /// Lays what `over` says on top of this.
    #[expect(
        clippy::too_many_lines,
        reason = "two lines for each field: a new one that is forgotten here does not compile"
    )]
    pub fn merge(&mut self, over: &Self) {
        let Self {
            component,
            when,
            chart,
            installed_by,
            image,
            build,
            workload,
            schedule,
            command,
            args,
            ports,
            env,
            uses,
            init,
            controls,
            after,
            provides,
            withholds,
            binds,
            volumes,
            owned,
            peers,
            data,
            storage,
            files,
            secret,
            secret_keys,
            secrets,
            probes,
            resources,
            replicas,
            scale,
            update,
            spread,
            affinity,
            gpu,
            singleton,
            user,
            writable,
            grace,
            headless,
            expose,
            labels,
            selector,
            config_map,
            names,
            places,
            at,
        } = over;
        lay(&mut self.component, component.as_ref(), Known::merge);
        // What is said last of where the image comes from counts.
        if image.is_some() {
            self.build = None;
        } else if build.is_some() {
            self.image = None;
        }
        lay(&mut self.build, build.as_ref(), Build::merge);
        lay(&mut self.probes, probes.as_ref(), Probes::merge);
        lay(&mut self.resources, resources.as_ref(), Resources::merge);
        self.names.merge(names);
        self.places.merge(places);
        replace(&mut self.when, when.as_ref());
        replace(&mut self.chart, chart.as_ref());
        replace(&mut self.installed_by, installed_by.as_ref());
        replace(&mut self.schedule, schedule.as_ref());
        replace(&mut self.update, update.as_ref());
        replace(&mut self.spread, spread.as_ref());
        replace(&mut self.affinity, affinity.as_ref());
        replace(&mut self.gpu, gpu.as_ref());
        replace(&mut self.config_map, config_map.as_ref());
        replace(&mut self.image, image.as_ref());
        replace(&mut self.workload, workload.as_ref());
        replace(&mut self.command, command.as_ref());
        replace(&mut self.args, args.as_ref());
        replace(&mut self.data, data.as_ref());
        replace(&mut self.storage, storage.as_ref());
        replace(&mut self.secret, secret.as_ref());
        replace(&mut self.replicas, replicas.as_ref());
        replace(&mut self.scale, scale.as_ref());
        replace(&mut self.singleton, singleton.as_ref());
        replace(&mut self.user, user.as_ref());
        replace(&mut self.writable, writable.as_ref());
        replace(&mut self.grace, grace.as_ref());
        replace(&mut self.headless, headless.as_ref());
        if !ports.is_empty() {
            self.ports.clone_from(ports);
        }
        if !owned.is_empty() {
            self.owned.clone_from(owned);
        }
        entries(&mut self.env, env);
        entries(&mut self.provides, provides);
        entries(&mut self.volumes, volumes);
        entries(&mut self.files, files);
        entries(&mut self.secrets.keys, &secrets.keys);
        entries(&mut self.peers, peers);
        entries(&mut self.labels, labels);
        entries(&mut self.selector, selector);
        entries(&mut self.controls, controls);
        entries(&mut self.secret_keys, secret_keys);
        entries(&mut self.init, init);
        for relation in uses {
            match self.uses.iter_mut().find(|known| known.to == relation.to) {
                Some(known) => known.merge(relation),
                None => self.uses.push(relation.clone()),
            }
        }
        self.after.extend(after.iter().cloned());
        self.withholds.extend(withholds.iter().cloned());
        self.binds.extend(binds.iter().cloned());
        self.expose.extend(expose.iter().cloned());
        self.at = at.or(&self.at).clone();
    }

    /// What its containers are told in variables: its own, those of its edges, those of its steps.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&String, &Template)> {
        let edges = self.uses.iter().flat_map(|relation| &relation.env);
        let steps = self.init.values().flat_map(|step| &step.env);
        self.env.iter().chain(edges).chain(steps)
    }

    /// Where this key of it was written; its own place where nothing was said, or a Rust program said it.
    pub(crate) fn place(&self, key: &str) -> &Locus {
        self.places.get(key).unwrap_or(&self.at)
    }

    /// How many pods by how busy they are, where that decides.
    pub fn autoscaled(&self) -> Option<&Scale> {
        self.scale.as_ref().filter(|scale| !scale.none)
    }

    /// The kind of its workload: what is said, a CronJob where a schedule is, else a Deployment.
    pub fn workload(&self) -> Workload {
        let scheduled = if self.schedule.is_some() { Workload::CronJob } else { Workload::Deployment };
        self.workload.unwrap_or(scheduled)
    }

    /// The fewest and the most pods that it may have.
    pub fn replica_range(&self) -> (u32, u32) {
        let fixed = self.replicas.unwrap_or(1);
        self.autoscaled().and_then(|scale| scale.replicas).unwrap_or((fixed, fixed))
    }
}
