use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, Capabilities, ConfigMapEnvSource, Container, ContainerPort, EnvFromSource, EnvVar, EnvVarSource,
    Lifecycle, LifecycleHandler, PodAffinityTerm, PodAntiAffinity, PodSecurityContext, PodSpec, PodTemplateSpec,
    ResourceRequirements, SeccompProfile, SecretKeySelector, SecurityContext, SleepAction, Toleration,
    TopologySpreadConstraint,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use indexmap::IndexMap;
use stack_krm::EnvName;

use super::config::endpoints_name;
use super::names::{expandable, host_variable, secret_variable};
use super::object::Writer;
use super::probe::probe;
use crate::plan::{Composed, Part, WaitStep};
use crate::{Amount, Gpu, Resources, SecretKeyRef, Spread, Workload};

/// The image of all waits: BusyBox, for its `nc` and `timeout`; published for amd64 and arm64, and run as nobody.
const WAIT_IMAGE: &str = "busybox:1.37.0";

/// How the names of waits begin.
pub(crate) const WAITING: &str = "wait-for-";

/// What a wait asks for and may use.
pub(super) const WAIT_RESOURCES: Resources = Resources {
    cpu: Amount { request: Some(stack_krm::Quantity::milli(10)), limit: Some(stack_krm::Quantity::milli(100)) },
    memory: Amount { request: Some(stack_krm::Quantity::mi(16)), limit: Some(stack_krm::Quantity::mi(32)) },
    unlimited: false,
};

const NOBODY: i64 = 65534;

/// Seconds in which a pod that is asked to stop still answers, until no node routes to it any more.
const DRAIN: i64 = 5;

impl Writer<'_> {
    pub(super) fn pod_template(&self) -> PodTemplateSpec {
        PodTemplateSpec { metadata: Some(ObjectMeta::default()), spec: Some(self.pod()) }
    }

    fn pod(&self) -> PodSpec {
        let plan = self.plan;
        let spread = TopologySpreadConstraint {
            max_skew: 1,
            topology_key: "kubernetes.io/hostname".to_owned(),
            when_unsatisfiable: "ScheduleAnyway".to_owned(),
            label_selector: Some(self.selector()),
            ..TopologySpreadConstraint::default()
        };
        let mut init: Vec<Container> = plan.waits.iter().map(|wait| self.wait(wait)).collect();
        init.extend(self.steps());
        let toleration = |(_, gpu): (u32, Gpu)| Toleration {
            key: Some(gpu.resource().to_owned()),
            operator: Some("Exists".to_owned()),
            effect: Some("NoSchedule".to_owned()),
            ..Toleration::default()
        };
        PodSpec {
            service_account_name: Some(self.name()),
            automount_service_account_token: Some(false),
            enable_service_links: Some(false),
            security_context: Some(PodSecurityContext {
                run_as_non_root: Some(plan.user.uid != 0),
                run_as_user: Some(plan.user.uid),
                run_as_group: Some(plan.user.gid),
                fs_group: Some(plan.user.gid),
                fs_group_change_policy: Some("OnRootMismatch".to_owned()),
                seccomp_profile: Some(SeccompProfile {
                    type_: "RuntimeDefault".to_owned(),
                    ..SeccompProfile::default()
                }),
                ..PodSecurityContext::default()
            }),
            init_containers: (!init.is_empty()).then_some(init),
            containers: vec![self.container()],
            volumes: self.volumes(),
            termination_grace_period_seconds: plan.grace.map(i64::from),
            topology_spread_constraints: (plan.spread == Some(Spread::Preferred)).then(|| vec![spread]),
            affinity: (plan.spread == Some(Spread::Required)).then(|| self.apart()),
            tolerations: plan.gpu.map(|gpu| vec![toleration(gpu)]),
            runtime_class_name: plan.gpu.and_then(|(_, gpu)| gpu.runtime_class()).map(str::to_owned),
            restart_policy: plan.workload.ends().then(|| "OnFailure".to_owned()),
            ..PodSpec::default()
        }
    }

    /// Never two of its pods on one node.
    fn apart(&self) -> Affinity {
        let term = PodAffinityTerm {
            topology_key: "kubernetes.io/hostname".to_owned(),
            label_selector: Some(self.selector()),
            ..PodAffinityTerm::default()
        };
        let apart = PodAntiAffinity {
            required_during_scheduling_ignored_during_execution: Some(vec![term]),
            ..PodAntiAffinity::default()
        };
        Affinity { pod_anti_affinity: Some(apart), ..Affinity::default() }
    }

    fn container(&self) -> Container {
        let plan = self.plan;
        let ports = plan.ports.iter().chain(&plan.peers).map(|port| ContainerPort {
            name: Some(port.name.to_string()),
            container_port: port.container.into(),
            ..ContainerPort::default()
        });
        let ports: Vec<ContainerPort> = ports.collect();
        let texts = |parts: &[Composed]| (!parts.is_empty()).then(|| parts.iter().map(expandable).collect());
        let drains = plan.workload == Workload::Deployment && !plan.exclusive && !plan.ports.is_empty();
        Container {
            name: plan.container.to_string(),
            image: Some(plan.image.to_string()),
            image_pull_policy: Some(plan.pull.name().to_owned()),
            command: texts(&plan.command),
            args: texts(&plan.args),
            ports: (!ports.is_empty()).then_some(ports),
            env_from: self.env_from(),
            env: self.env(),
            volume_mounts: self.volume_mounts(),
            resources: requirements(&plan.resources, plan.gpu),
            liveness_probe: probe(plan.probes.live.as_ref()),
            readiness_probe: probe(plan.probes.ready.as_ref()),
            startup_probe: probe(plan.probes.start.as_ref()),
            lifecycle: drains.then(drain),
            security_context: Some(container_security(plan.read_only)),
            ..Container::default()
        }
    }

    /// Waits, within a bound, until the provider's Kubernetes Service leads to a ready pod: before that it refuses connections, or,
    /// headless, has no address.
    fn wait(&self, wait: &WaitStep) -> Container {
        let host = host_variable(&wait.provider);
        let (provider, port) = (wait.provider.name(), wait.port);
        let script =
            format!("until nc -z -w 2 \"${host}\" {port}; do echo \"waiting for {provider}:{port}\"; sleep 2; done");
        let command = ["timeout", &wait.seconds.to_string(), "sh", "-c", &script].map(str::to_owned);
        Container {
            name: format!("{WAITING}{provider}"),
            image: Some(WAIT_IMAGE.to_owned()),
            image_pull_policy: Some(self.stack.stack().environment.pull.pulled.name().to_owned()),
            command: Some(command.into()),
            env_from: self.env_from(),
            resources: requirements(&WAIT_RESOURCES, None),
            security_context: Some(SecurityContext {
                run_as_user: Some(NOBODY),
                run_as_group: Some(NOBODY),
                ..container_security(true)
            }),
            ..Container::default()
        }
    }

    pub(super) fn env_from(&self) -> Option<Vec<EnvFromSource>> {
        let plan = self.plan;
        let to_services = plan.edges.iter().any(|edge| matches!(edge.to, crate::plan::EdgeEnd::Service(_)));
        let name = self.names.name(&endpoints_name(plan.name.as_str()));
        let source = ConfigMapEnvSource { name, optional: None };
        let told = to_services || !plan.hosts.is_empty() || !plan.pod_hosts.is_empty();
        let plain = plan.config_map.as_ref().map(|name| self.names.generated("ConfigMap", name.as_str()));
        let plain = plain.map(|name| ConfigMapEnvSource { name, optional: None });
        let sources = told.then_some(source).into_iter().chain(plain);
        let sources: Vec<EnvFromSource> =
            sources.map(|source| EnvFromSource { config_map_ref: Some(source), ..EnvFromSource::default() }).collect();
        (!sources.is_empty()).then_some(sources)
    }

    /// Variables that carry secrets into other values come first: the kubelet expands only what stands above.
    fn env(&self) -> Option<Vec<EnvVar>> {
        let plan = self.plan;
        self.variables(&plan.env, plan.args.iter().chain(&plan.command), |_| true)
    }

    /// These variables, and those that carry what other values need; what the ConfigMap carries is left out where `shared` says so.
    pub(super) fn variables<'v>(
        &self,
        env: &'v IndexMap<EnvName, Composed>,
        values: impl Iterator<Item = &'v Composed>,
        shared: impl Fn(&EnvName) -> bool,
    ) -> Option<Vec<EnvVar>> {
        let values = env.values().filter(|value| value.0.len() > 1).chain(values);
        let carried: BTreeMap<String, (&SecretKeyRef, bool)> = values
            .flat_map(Composed::secrets)
            .map(|(secret, optional)| {
                (secret_variable(secret.secret.as_str(), secret.key.as_str()), (secret, optional))
            })
            .collect();
        let carried =
            carried.into_iter().map(|(name, (secret, optional))| self.secret_variable(name, secret, optional));
        let own = env.iter().filter(|(name, _)| !(shared(name) && self.plan.is_plain(name)));
        let own = own.map(|(name, value)| match value.0.as_slice() {
            [Part::Secret(secret, optional)] => self.secret_variable(name.to_string(), secret, *optional),
            _ => EnvVar { name: name.to_string(), value: Some(expandable(value)), value_from: None },
        });
        let env: Vec<EnvVar> = carried.chain(own).collect();
        (!env.is_empty()).then_some(env)
    }

    fn secret_variable(&self, name: String, secret: &SecretKeyRef, optional: bool) -> EnvVar {
        let selector = SecretKeySelector {
            name: self.names.secret(secret.secret.as_str()),
            key: secret.key.to_string(),
            optional: optional.then_some(true),
        };
        let source = EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() };
        EnvVar { name, value: None, value_from: Some(source) }
    }
}

fn drain() -> Lifecycle {
    let sleep = LifecycleHandler { sleep: Some(SleepAction { seconds: DRAIN }), ..LifecycleHandler::default() };
    Lifecycle { pre_stop: Some(sleep), ..Lifecycle::default() }
}

pub(super) fn container_security(read_only: bool) -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        read_only_root_filesystem: Some(read_only),
        ..SecurityContext::default()
    }
}

pub(super) fn requirements(resources: &Resources, gpu: Option<(u32, Gpu)>) -> Option<ResourceRequirements> {
    let rows = |cpu: Option<stack_krm::Quantity>, memory: Option<stack_krm::Quantity>| {
        let rows = [("cpu", cpu), ("memory", memory)];
        let rows = rows.into_iter().filter_map(|(name, amount)| Some((name.to_owned(), Quantity(amount?.to_string()))));
        let rows: BTreeMap<String, Quantity> = rows.collect();
        (!rows.is_empty()).then_some(rows)
    };
    let requests = rows(resources.cpu.request, resources.memory.request);
    let mut limits = rows(resources.cpu.limit, resources.memory.limit);
    if let Some((count, gpu)) = gpu {
        limits.get_or_insert_default().insert(gpu.resource().to_owned(), Quantity(count.to_string()));
    }
    (requests.is_some() || limits.is_some()).then(|| ResourceRequirements {
        requests,
        limits,
        ..ResourceRequirements::default()
    })
}
