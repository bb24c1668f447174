//! What happens in a pod before its container starts.

use k8s_openapi::api::core::v1::{Container, VolumeMount};

use super::names::expandable;
use super::object::Writer;
use super::pod::{WAIT_RESOURCES, container_security, requirements};
use crate::plan::{Composed, Mount, Part, PlannedStep};

/// The step that makes the folders that belong to the user.
pub(crate) const OWNING: &str = "own-volumes";

/// Where the step that makes owned folders sees the volumes.
const VOLUMES: &str = "/volumes";
/// The folder of a volume that belongs to the user.
pub(super) const OWNED: &str = "owned";

/// Seconds between two looks at whether a step is done, and how many looks there are.
const LOOKS: (u32, u32) = (5, 120);

impl Writer<'_> {
    /// Steps of the pod after the waits, in order.
    pub(super) fn steps(&self) -> Vec<Container> {
        let mut steps: Vec<Container> = self.owning().into_iter().collect();
        for step in &self.plan.init {
            let command = if step.job.is_some() { done(step) } else { step.command.clone() };
            steps.push(self.step(step, &command));
        }
        steps
    }

    fn step(&self, step: &PlannedStep, command: &[Composed]) -> Container {
        let plan = self.plan;
        let mut env = plan.env.clone();
        env.extend(step.env.clone());
        let carrying = step.command.iter().chain(&step.done);
        Container {
            name: step.name.to_string(),
            image: Some(plan.image.to_string()),
            image_pull_policy: Some(plan.pull.name().to_owned()),
            command: Some(command.iter().map(expandable).collect()),
            env_from: self.env_from(),
            env: self.variables(&env, carrying, |name| !step.env.contains_key(name)),
            volume_mounts: self.volume_mounts(),
            resources: requirements(&plan.resources, None),
            security_context: Some(container_security(plan.read_only)),
            ..Container::default()
        }
    }

    /// Volumes belong to root, and their group is the pod's; a program that wants its folder to be its own gets one below.
    fn owning(&self) -> Option<Container> {
        let mounts: Vec<&Mount> = self.plan.mounts.iter().filter(|mount| self.is_owned(mount)).collect();
        if mounts.is_empty() {
            return None;
        }
        let folder = |mount: &&Mount| format!("{VOLUMES}/{}/{OWNED}", mount.volume);
        let command = ["mkdir", "-p"].map(str::to_owned).into_iter().chain(mounts.iter().map(folder));
        let mount = |mount: &&Mount| VolumeMount {
            name: mount.volume.to_string(),
            mount_path: format!("{VOLUMES}/{}", mount.volume),
            ..VolumeMount::default()
        };
        Some(Container {
            name: OWNING.to_owned(),
            image: Some(self.plan.image.to_string()),
            image_pull_policy: Some(self.plan.pull.name().to_owned()),
            command: Some(command.collect()),
            volume_mounts: Some(mounts.iter().map(mount).collect()),
            resources: requirements(&WAIT_RESOURCES, None),
            security_context: Some(container_security(true)),
            ..Container::default()
        })
    }

    pub(super) fn is_owned(&self, mount: &Mount) -> bool {
        self.plan.owned.contains(&mount.path)
    }
}

/// Looks, within a bound, until what says that nothing is left to do ends well.
fn done(step: &PlannedStep) -> Vec<Composed> {
    let (seconds, tries) = LOOKS;
    let script = format!(
        "tries={tries}; until \"$@\"; do tries=$((tries - 1)); [ $tries -gt 0 ] || exit 1; echo \"waiting for {}\"; sleep {seconds}; done",
        step.name
    );
    let text = |text: &str| Composed(vec![Part::Text(text.to_owned())]);
    ["sh", "-c", &script, "sh"].into_iter().map(text).chain(step.done.iter().cloned()).collect()
}
