use stack_krm::yaml::Node;

use super::record::{Field, Reading, Record};

/// Where Helm charts lie: carried along, never used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelmGlobals(pub Node);

/// A Helm chart to render: carried along; a build refuses it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelmChart(pub Node);

impl Record for HelmGlobals {}

impl Field for HelmGlobals {
    fn read(node: &Node, _: &mut Reading<'_>) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn write(&self) -> Option<Node> {
        self.0.write()
    }
}

impl Field for HelmChart {
    fn read(node: &Node, _: &mut Reading<'_>) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn write(&self) -> Option<Node> {
        self.0.write()
    }
}
