use stack_krm::yaml::Node;

use super::record::{Field, Reading, record};

record! {
    /// Where Helm charts lie: carried along, never used.
    pub struct HelmGlobals {
        /// The folder of charts.
        chart_home: String = "chartHome",
        /// The folder of Helm's own configuration.
        config_home: String = "configHome",
    }
}

/// A Helm chart to render: carried along; a build refuses it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelmChart(pub Node);

impl Field for HelmChart {
    fn read(node: &Node, _: &mut Reading<'_>) -> Option<Self> {
        Some(Self(node.clone()))
    }

    fn write(&self) -> Option<Node> {
        self.0.write()
    }
}
