use indexmap::IndexMap;
use stack_krm::yaml::Node;
use stack_source::Locus;

use crate::Template;

/// A Helm chart that makes a service which no component makes. Its resources and storage are counted, not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The repository: `https://charts.example.com`, `oci://…`.
    pub from: String,
    /// The chart's name there.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Its values; a scalar that is one reference keeps the type of what it names.
    pub values: Option<Node>,
    /// API groups whose kinds it brings: whatever needs them comes after.
    pub serves: Vec<String>,
    /// API groups whose kinds must be there before.
    pub needs: Vec<String>,
    /// Labels of the pods that it makes, so that policies can name them.
    pub pods: IndexMap<String, Template>,
    /// Where it was written.
    pub at: Locus,
}

/// What a chart makes of a port, so that relations and policies can name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartPort {
    /// The Kubernetes Service that leads there.
    pub service: String,
    /// Labels of the pods behind it.
    pub pods: IndexMap<String, Template>,
}
