/// How many pods, by how busy they are: a HorizontalPodAutoscaler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// Set by `scale: none`: no autoscaler whatever the layers below say.
    pub none: bool,
    /// The fewest and the most pods.
    pub replicas: Option<(u32, u32)>,
    /// The CPU use to aim at, in percent of the request.
    pub cpu: Option<u32>,
    /// The memory use to aim at, in percent of the request.
    pub memory: Option<u32>,
    /// How it grows.
    pub up: Option<ScaleRules>,
    /// How it shrinks.
    pub down: Option<ScaleRules>,
}

/// How fast an autoscaler may move in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScaleRules {
    /// Seconds for which it looks back before it moves.
    pub stabilize: Option<u32>,
    /// Steps that it may take.
    pub by: Vec<ScaleStep>,
    /// Whether the largest step counts, or the smallest.
    pub take_smallest: bool,
}

/// A step: so many pods, or so many percent, in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScaleStep {
    /// How many.
    pub amount: u32,
    /// Whether the amount is percent of the pods.
    pub percent: bool,
    /// In how many seconds.
    pub period: u32,
}

impl Scale {
    /// From the fewest to the most pods.
    pub fn between(fewest: u32, most: u32) -> Self {
        Self { replicas: Some((fewest, most)), ..Self::default() }
    }

    /// Aims at this CPU use, in percent of the request.
    #[must_use]
    pub fn cpu(mut self, percent: u32) -> Self {
        self.cpu = Some(percent);
        self
    }
}
