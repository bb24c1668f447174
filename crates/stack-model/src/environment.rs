use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsLabel, DnsSubdomain};
use stack_source::Locus;

/// What an environment decides for the whole stack. The default is the base: no prefix, claims, Secrets that exist already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its name; none for the base.
    pub name: Option<DnsLabel>,
    /// What stands before every object's name.
    pub prefix: String,
    /// What stands after every object's name.
    pub suffix: String,
    /// The namespace of every object; that of the user's context where none is said.
    pub namespace: Option<DnsLabel>,
    /// Labels that every object gets.
    pub labels: IndexMap<String, String>,
    /// When a node pulls an image.
    pub pull: Pull,
    /// Where claims lead.
    pub storage: Storage,
    /// The registry and tag of built images.
    pub images: Images,
    /// Who gives Secrets their values.
    pub secrets: Secrets,
    /// Whether a service that may have several pods spreads over nodes and has a disruption budget.
    pub replicated: bool,
    /// The Pod Security level that its namespace is meant to enforce.
    pub pod_security: PodSecurity,
    /// Ports that Skaffold forwards to the developer's machine.
    pub forward: Vec<Forward>,
    /// Where it was written; nowhere for the base.
    pub at: Locus,
}

/// When a node pulls an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pull {
    /// Images that the stack builds.
    pub built: PullPolicy,
    /// All others.
    pub pulled: PullPolicy,
}

/// Kubernetes' image pull policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PullPolicy {
    /// At every start.
    Always,
    /// When the node lacks it.
    #[default]
    IfNotPresent,
    /// Not at all: the image was loaded into the node.
    Never,
}

const PULL_POLICIES: [PullPolicy; 3] = [PullPolicy::Always, PullPolicy::IfNotPresent, PullPolicy::Never];

impl PullPolicy {
    /// All policies, each with its word.
    pub fn words() -> [(&'static str, Self); 3] {
        PULL_POLICIES.map(|policy| (policy.name(), policy))
    }

    /// The word of the Kubernetes API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::IfNotPresent => "IfNotPresent",
            Self::Never => "Never",
        }
    }
}

/// Where claims lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// To persistent volumes.
    #[default]
    Claims,
    /// To the pod's own disk: gone with the pod.
    Ephemeral,
}

/// The registry and tag of built images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    /// What stands before `<stack>/<service>`, or replaces it: `registry.example.com/team`.
    pub registry: Option<String>,
    /// The tag of all of them.
    pub tag: Option<String>,
    /// Digests, by service.
    pub digests: IndexMap<String, String>,
    /// Whether every image needs an exact tag or a digest, and built ones a registry.
    pub exact: bool,
}

/// Who gives Secrets their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets {
    /// For every Secret that has no row of its own.
    pub default: SecretSource,
    /// By Secret.
    pub by_name: IndexMap<DnsSubdomain, SecretSource>,
    /// Whether values may stand in the overlay.
    pub literals: bool,
    /// Whether a key without a value gets `dev-only-<secret>-<key>`.
    pub dev_only: bool,
    /// An untracked file beside the package whose `secret.key=value` lines win over the overlay's literals.
    pub local: Option<String>,
}

/// Who gives a Secret its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SecretSource {
    /// Somebody made it already.
    #[default]
    Existing,
    /// The overlay itself, for development.
    Literals(IndexMap<ConfigKey, String>),
    /// The External Secrets operator, from a ClusterSecretStore of this name.
    ExternalStore(String),
}

/// A Pod Security level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodSecurity {
    /// Known ways to more rights are closed.
    #[default]
    Baseline,
    /// Today's best practice.
    Restricted,
}

/// A port on the developer's machine that leads to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// The service.
    pub service: String,
    /// The service's port; its first where none is said.
    pub port: Option<String>,
    /// The port on the developer's machine; the same number where none is said.
    pub local: Option<u16>,
    /// Where it was written.
    pub at: Locus,
}

impl Environment {
    /// What messages call it: its name, or `the base`.
    pub(crate) fn called(&self) -> &str {
        self.name.as_ref().map_or("the base", |name| name.as_str())
    }

    /// What an object called `name` is called in the cluster.
    pub fn final_name(&self, name: &str) -> String {
        format!("{}{name}{}", self.prefix, self.suffix)
    }

    /// Whether changed files are copied into running containers here: where built images never leave the developer's machine.
    pub fn writes_synced_files(&self) -> bool {
        self.pull.built == PullPolicy::Never
    }
}
