//! Random trees of kustomizations: all fields, folders in folders, odd YAML. Equal seeds make equal trees.

mod copies;
mod fields;
mod objects;
mod patches;
mod plugins;
mod scalars;
mod slips;
pub(crate) mod texts;
pub(crate) mod tree;
pub(crate) mod yaml;

pub(crate) use tree::tree;

/// Chance, from a seed.
pub(crate) struct Dice {
    rng: fastrand::Rng,
    /// Whether the tree may have faults: what one builder refuses the other must refuse too. Most trees have none, so that they build.
    has_faults: bool,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let has_faults = rng.usize(..10) == 0;
        Self { rng, has_faults }
    }

    /// The chance of something that builders refuse, mostly.
    pub(crate) fn fault_in(&mut self, count: usize) -> bool {
        self.has_faults && self.one_in(count)
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.rng.usize(..count) == 0
    }

    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        self.rng.usize(..=most)
    }

    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        self.rng.usize(least..=most)
    }

    pub(crate) fn choose<'v, T>(&mut self, values: &'v [T]) -> Option<&'v T> {
        self.rng.choice(values)
    }

    pub(crate) fn pick(&mut self, values: &[&'static str]) -> &'static str {
        self.choose(values).copied().unwrap_or_default()
    }
}
