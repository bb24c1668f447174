use stack_krm::{DnsSubdomain, Quantity};
use stack_source::Locus;

/// What is mounted at a path of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Where its bytes are.
    pub source: VolumeSource,
    /// Where it was written.
    pub at: Locus,
}

/// Where the bytes of a [`Volume`] are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeSource {
    /// An `emptyDir`: gone with the pod.
    Empty {
        /// The most it may hold.
        size: Option<Quantity>,
        /// Whether it lies in memory, where it counts against the memory limit.
        memory: bool,
    },
    /// A persistent volume claim: of each pod in a StatefulSet, of the service in a Deployment.
    Claim(Claim),
}

/// What is asked of the cluster's storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// How much.
    pub size: Quantity,
    /// The claim's name; `<service>-data` where none is said.
    pub name: Option<DnsSubdomain>,
    /// Who may mount it at once.
    pub access: AccessMode,
}

/// Who may mount a claim at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessMode {
    /// The pods of one node: block storage, the usual case.
    #[default]
    ReadWriteOnce,
    /// Pods of any node: network file systems only.
    ReadWriteMany,
}

const ACCESS_MODES: [AccessMode; 2] = [AccessMode::ReadWriteOnce, AccessMode::ReadWriteMany];

impl AccessMode {
    /// All modes, each with its word.
    pub(crate) fn words() -> [(&'static str, Self); 2] {
        ACCESS_MODES.map(|mode| (mode.name(), mode))
    }

    /// The word of the Kubernetes API.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadWriteOnce => "ReadWriteOnce",
            Self::ReadWriteMany => "ReadWriteMany",
        }
    }
}

impl Volume {
    /// An `emptyDir` without a size.
    #[track_caller]
    pub fn empty() -> Self {
        Self { source: VolumeSource::Empty { size: None, memory: false }, at: Locus::caller() }
    }

    /// An `emptyDir` of at most this size.
    #[track_caller]
    pub fn empty_of(size: Quantity) -> Self {
        Self { source: VolumeSource::Empty { size: Some(size), memory: false }, at: Locus::caller() }
    }

    /// An `emptyDir` in memory.
    #[track_caller]
    pub fn memory(size: Quantity) -> Self {
        Self { source: VolumeSource::Empty { size: Some(size), memory: true }, at: Locus::caller() }
    }

    /// A claim of this size, for the pods of one node.
    #[track_caller]
    pub fn claim(size: Quantity) -> Self {
        Self { source: VolumeSource::Claim(Claim::of(size)), at: Locus::caller() }
    }
}

impl Claim {
    /// A claim of this size, for the pods of one node, named after its service.
    pub fn of(size: Quantity) -> Self {
        Self { size, name: None, access: AccessMode::default() }
    }
}
