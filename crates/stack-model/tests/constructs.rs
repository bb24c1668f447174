//! What each construct of the language becomes in Kubernetes.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{ConfigMap, Container, PersistentVolumeClaim, PodSpec, Service};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::de::DeserializeOwned;
use stack_krm::ResourceSet;
use stack_krm::yaml::from_node;
use stack_model::{CheckedStack, LoadBalancers, Stack, parse, view};
use stack_source::{FileTree, TreePath};

#[track_caller]
fn checked(text: &str, change: impl FnOnce(&mut Stack)) -> CheckedStack {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), text);
    let mut stack = parse(&files, &path).unwrap_or_else(|report| panic!("{}", report.render(&files, false)));
    change(&mut stack);
    stack.check().unwrap_or_else(|report| panic!("{}", report.render(&files, false)))
}

/// The shop of the twins in an environment with a prefix.
fn shop() -> CheckedStack {
    checked(include_str!("twins/shop.yaml"), |stack| "dev-".clone_into(&mut stack.environment.prefix))
}

/// The object of that kind whose name starts like this; the hash of a generated one is left open.
#[track_caller]
fn object<T: DeserializeOwned>(objects: &ResourceSet, kind: &str, name: &str) -> T {
    let names: Vec<&str> = objects.of_kind(kind).map(stack_krm::Resource::name).collect();
    let named = |found: &&stack_krm::Resource| {
        found.name() == name || found.name().strip_suffix(hash(found.name())) == Some(&format!("{name}-"))
    };
    let found = objects.of_kind(kind).find(named).unwrap_or_else(|| panic!("no {kind} {name} among {names:?}"));
    from_node(found.node()).expect("an object of the Kubernetes API")
}

fn hash(name: &str) -> &str {
    name.rsplit('-').next().filter(|part| part.len() == 10).unwrap_or("-")
}

fn container(pod: &PodSpec) -> &Container {
    &pod.containers[0]
}

fn variable(container: &Container, name: &str) -> Option<String> {
    let variables = container.env.iter().flatten();
    variables.filter(|variable| variable.name == name).find_map(|variable| variable.value.clone())
}

fn labels(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn names_of_others_take_the_prefix_and_hosts_follow_them() {
    let objects = shop().lower();
    let deployment: Deployment = object(&objects, "Deployment", "dev-api");
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    assert_eq!(container(&pod).name, "main");
    let scaler: HorizontalPodAutoscaler = object(&objects, "HorizontalPodAutoscaler", "dev-api-hpa");
    assert_eq!(scaler.spec.unwrap().scale_target_ref.name, "dev-api");
    let ingress: Ingress = object(&objects, "Ingress", "dev-api");
    let rules = ingress.spec.unwrap().rules.unwrap();
    let backend = rules[0].http.clone().unwrap().paths[0].backend.service.clone().unwrap();
    assert_eq!(backend.name, "dev-api-service");
    let search: StatefulSet = object(&objects, "StatefulSet", "dev-search");
    assert_eq!(search.spec.unwrap().service_name.as_deref(), Some("dev-search-service"));
    let claim: PersistentVolumeClaim = object(&objects, "PersistentVolumeClaim", "dev-db-claim");
    assert!(claim.spec.is_some());
}

#[test]
fn a_selector_s_labels_select_beside_the_one_that_tells_instances_apart() {
    let objects = shop().lower();
    let both = labels(&[("app", "api"), ("kstack.dev/service", "dev-api")]);
    let deployment: Deployment = object(&objects, "Deployment", "dev-api");
    let spec = deployment.spec.unwrap();
    assert_eq!(spec.selector.match_labels, Some(both.clone()));
    let service: Service = object(&objects, "Service", "dev-api-service");
    assert_eq!(service.spec.unwrap().selector, Some(both));
    let of_pod = spec.template.metadata.unwrap().labels.unwrap();
    assert_eq!((of_pod["app"].as_str(), of_pod["version"].as_str()), ("api", "1.0"));
}

#[test]
fn plain_variables_stand_in_the_config_map_and_hosts_beside_it() {
    let objects = shop().lower();
    let map: ConfigMap = object(&objects, "ConfigMap", "dev-shop-config");
    let data = map.data.unwrap();
    assert_eq!((data["LOG_LEVEL"].as_str(), data["FILES"].as_str()), ("info", "database"));
    let deployment: Deployment = object(&objects, "Deployment", "dev-api");
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    let sources = container(&pod).env_from.clone().unwrap();
    let names: Vec<String> = sources.into_iter().filter_map(|source| Some(source.config_map_ref?.name)).collect();
    assert_eq!(names, ["dev-api-endpoints".to_owned(), map.metadata.name.unwrap()]);
    assert_eq!(variable(container(&pod), "LOG_LEVEL"), None);
    assert_eq!(variable(container(&pod), "DB_HOST").as_deref(), Some("$(STACK_DB)"));
}

#[test]
fn updates_spread_and_files_of_secrets() {
    let objects = shop().lower();
    let deployment: Deployment = object(&objects, "Deployment", "dev-api");
    let spec = deployment.spec.unwrap();
    let rolling = spec.strategy.unwrap().rolling_update.unwrap();
    let bounds = (rolling.max_surge, rolling.max_unavailable);
    assert_eq!(bounds, (Some(IntOrString::Int(1)), Some(IntOrString::Int(0))));
    let pod = spec.template.spec.unwrap();
    let apart = pod.affinity.clone().unwrap().pod_anti_affinity.unwrap();
    assert_eq!(apart.required_during_scheduling_ignored_during_execution.unwrap().len(), 1);
    let secret = pod.volumes.clone().unwrap().into_iter().find_map(|volume| volume.secret).unwrap();
    assert_eq!(secret.secret_name.as_deref(), Some("keys"));
    let mounts = container(&pod).volume_mounts.clone().unwrap();
    assert!(mounts.iter().any(|mount| mount.mount_path == "/keys" && mount.read_only == Some(true)));
    let agent: DaemonSet = object(&objects, "DaemonSet", "dev-agent");
    let rolling = agent.spec.unwrap().update_strategy.unwrap().rolling_update.unwrap();
    assert_eq!(rolling.max_unavailable, Some(IntOrString::String("25%".to_owned())));
    let db: Deployment = object(&objects, "Deployment", "dev-db");
    assert_eq!(db.spec.unwrap().strategy.unwrap().type_.as_deref(), Some("Recreate"));
}

#[test]
fn a_cookie_is_what_the_ingress_controller_calls_it() {
    let of_service = |objects: &ResourceSet| -> Service { object(objects, "Service", "dev-api-service") };
    let of_ingress = |objects: &ResourceSet| -> Ingress { object(objects, "Ingress", "dev-api") };
    let objects = shop().lower();
    let annotations = of_service(&objects).metadata.annotations.unwrap();
    assert_eq!(annotations["traefik.ingress.kubernetes.io/service.sticky.cookie"], "true");
    let nginx = checked(include_str!("twins/shop.yaml"), |stack| {
        stack.environment.prefix = "dev-".to_owned();
        stack.cluster.ingress = Some("nginx".to_owned());
    });
    let objects = nginx.lower();
    assert_eq!(of_service(&objects).metadata.annotations, None);
    let annotations = of_ingress(&objects).metadata.annotations.unwrap();
    assert_eq!(annotations["nginx.ingress.kubernetes.io/affinity"], "cookie");
}

#[test]
fn an_accelerator_is_a_limit_a_toleration_and_a_runtime() {
    let objects = shop().lower();
    let models: Deployment = object(&objects, "Deployment", "dev-models");
    let pod = models.spec.unwrap().template.spec.unwrap();
    let limits = container(&pod).resources.clone().unwrap().limits.unwrap();
    assert_eq!(limits["nvidia.com/gpu"].0, "1");
    assert_eq!(pod.runtime_class_name.as_deref(), Some("nvidia"));
    assert_eq!(pod.tolerations.unwrap()[0].key.as_deref(), Some("nvidia.com/gpu"));
}

#[test]
fn pods_of_a_cluster_find_each_other_below_a_headless_twin() {
    let objects = shop().lower();
    let twin: Service = object(&objects, "Service", "dev-vectors-headless");
    let spec = twin.spec.unwrap();
    assert_eq!((spec.cluster_ip.as_deref(), spec.publish_not_ready_addresses), (Some("None"), Some(true)));
    let set: StatefulSet = object(&objects, "StatefulSet", "dev-vectors");
    let spec = set.spec.unwrap();
    assert_eq!(spec.service_name.as_deref(), Some("dev-vectors-headless"));
    let pod = spec.template.spec.unwrap();
    let script = container(&pod).args.clone().unwrap().concat();
    assert!(script.contains("http://$HOSTNAME.$(STACK_VECTORS_PODS):6335"), "{script}");
    let endpoints: ConfigMap = object(&objects, "ConfigMap", "dev-vectors-endpoints");
    assert_eq!(endpoints.data.unwrap()["STACK_VECTORS_PODS"], "dev-vectors-headless");
    let policy: NetworkPolicy = object(&objects, "NetworkPolicy", "dev-vectors");
    let spec = policy.spec.unwrap();
    let ports =
        |ports: Option<Vec<k8s_openapi::api::networking::v1::NetworkPolicyPort>>| ports.unwrap()[0].port.clone();
    let egress = spec.egress.unwrap().into_iter().map(|rule| ports(rule.ports));
    let ingress = spec.ingress.unwrap().into_iter().map(|rule| ports(rule.ports));
    let peers = Some(IntOrString::Int(6335));
    assert!(egress.clone().any(|port| port == peers) && ingress.clone().any(|port| port == peers));
}

#[test]
fn a_claim_s_name_is_the_template_s_in_a_stateful_set() {
    let text = "stack: s\nservices: {vectors: {component: qdrant, storage: {size: 1Gi, name: vectors-storage}}}\n";
    let set: StatefulSet = object(&checked(text, |_| {}).lower(), "StatefulSet", "vectors");
    let templates = set.spec.unwrap().volume_claim_templates.unwrap();
    assert_eq!(templates[0].metadata.name.as_deref(), Some("vectors-storage"));
}

#[test]
fn the_pods_of_the_ingress_controller_may_come_in() {
    let from = |class: &str| {
        let text = "\
stack: s
services:
  web: {image: s/web:1.0, user: 1000, ports: {http: 8080}, expose: {ingress: {host: a.example.com}}}
";
        let objects = checked(text, |stack| stack.cluster.ingress = Some(class.to_owned())).lower();
        let policy: NetworkPolicy = object(&objects, "NetworkPolicy", "web");
        let rule = policy.spec.unwrap().ingress.unwrap().remove(0);
        let label = |selector: LabelSelector| selector.match_labels.unwrap().into_iter().next().unwrap();
        rule.from.map(|peers| peers.into_iter().map(|peer| label(peer.pod_selector.unwrap())).collect::<Vec<_>>())
    };
    let name = |value: &str| ("app.kubernetes.io/name".to_owned(), value.to_owned());
    assert_eq!(from("traefik"), Some(vec![name("traefik")]));
    assert_eq!(from("nginx"), Some(vec![name("ingress-nginx")]));
    assert_eq!(from("haproxy"), Some(vec![name("haproxy-ingress"), name("kubernetes-ingress")]));
    assert_eq!(from("contour"), Some(vec![("app".to_owned(), "envoy".to_owned()), name("contour")]));
    // A load balancer beside the cluster has no pods.
    assert_eq!(from("alb"), None);
}

#[test]
fn a_load_balancer_has_the_address_that_it_should_have() {
    let text = "\
stack: s
services:
  web: {image: s/web:1.0, user: 1000, ports: {http: 8080}, expose: {load-balancer: 192.168.0.50}}
";
    let service = |by: Option<LoadBalancers>| -> Service {
        object(&checked(text, |stack| stack.cluster.load_balancer = by).lower(), "Service", "web")
    };
    for by in [None, Some(LoadBalancers::Cloud)] {
        let service = service(by);
        assert_eq!(service.metadata.annotations, None);
        let spec = service.spec.unwrap();
        let found = (spec.type_.as_deref(), spec.load_balancer_ip.as_deref());
        assert_eq!(found, (Some("LoadBalancer"), Some("192.168.0.50")));
    }
    let metallb = service(Some(LoadBalancers::MetalLb));
    assert_eq!(metallb.metadata.annotations, Some(labels(&[("metallb.io/loadBalancerIPs", "192.168.0.50")])));
    assert_eq!(metallb.spec.unwrap().load_balancer_ip, None);
}

#[test]
fn one_replica_has_no_twin() {
    let one = checked("stack: s\nservices: {vectors: {component: qdrant}}\n", |_| {}).lower();
    assert_eq!(one.of_kind("Service").map(|service| service.name().to_owned()).collect::<Vec<_>>(), ["vectors"]);
    let set: StatefulSet = object(&one, "StatefulSet", "vectors");
    assert_eq!(set.spec.unwrap().service_name.as_deref(), Some("vectors"));
}

#[test]
fn a_step_with_a_check_is_a_job_where_pods_are_several() {
    let objects = shop().lower();
    let job: Job = object(&objects, "Job", "dev-api-migrate");
    let pod = job.spec.unwrap().template.spec.unwrap();
    assert_eq!(pod.restart_policy.as_deref(), Some("OnFailure"));
    assert_eq!(container(&pod).command.as_deref(), Some(["./migrate".to_owned()].as_slice()));
    assert_eq!(variable(container(&pod), "MIGRATION_LOCK").as_deref(), Some("on"));
    assert_eq!(pod.init_containers.unwrap()[0].name, "wait-for-db");
    let deployment: Deployment = object(&objects, "Deployment", "dev-api");
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    let steps = pod.init_containers.unwrap();
    assert_eq!(steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["wait-for-db", "migrate"]);
    let command = steps[1].command.clone().unwrap();
    assert_eq!(command[command.len() - 2..], ["./migrate".to_owned(), "--check".to_owned()]);
    let waves = view::waves(&shop());
    let wave_of = |name: &str| {
        waves.iter().find(|wave| wave.services.iter().any(|start| start.service == name)).map(|wave| wave.number)
    };
    assert!(wave_of("db") < wave_of("api-migrate") && wave_of("api-migrate") < wave_of("api"));
}

#[test]
fn a_step_runs_in_the_pod_where_there_is_one() {
    let text = "\
stack: s
services:
  api:
    image: s/api:1.0
    user: 1000
    env: {MODE: web, SHARED: all}
    init: {migrate: {command: [./migrate], done: [./migrate, --check], env: {MODE: migrate}}}
";
    let objects = checked(text, |_| {}).lower();
    assert_eq!(objects.of_kind("Job").count(), 0);
    let deployment: Deployment = object(&objects, "Deployment", "api");
    let steps = deployment.spec.unwrap().template.spec.unwrap().init_containers.unwrap();
    assert_eq!(steps[0].command.as_deref(), Some(["./migrate".to_owned()].as_slice()));
    assert_eq!(variable(&steps[0], "MODE").as_deref(), Some("migrate"));
    assert_eq!(variable(&steps[0], "SHARED").as_deref(), Some("all"));
}

#[test]
fn a_step_s_own_edge_opens_a_policy_and_stays_out_of_the_container() {
    let text = "\
stack: s
services:
  db: {component: postgres}
  api:
    image: s/api:1.0
    user: 1000
    init: {migrate: {command: [./migrate], uses: {db: {env: {DB_HOST: <host>}}}}}
";
    let objects = checked(text, |_| {}).lower();
    let deployment: Deployment = object(&objects, "Deployment", "api");
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    assert_eq!(variable(container(&pod), "DB_HOST"), None);
    assert_eq!(variable(&pod.init_containers.unwrap()[0], "DB_HOST").as_deref(), Some("$(STACK_DB)"));
    let policy: NetworkPolicy = object(&objects, "NetworkPolicy", "api");
    assert_eq!(policy.spec.unwrap().egress.unwrap().len(), 1);
    let served: NetworkPolicy = object(&objects, "NetworkPolicy", "db");
    assert_eq!(served.spec.unwrap().ingress.unwrap().len(), 1);
}

#[test]
fn a_job_that_runs_something_else_is_another_object() {
    let name = |tag: &str| {
        let text = format!("stack: s\nservices: {{load: {{image: s/load:{tag}, workload: Job, user: 1000}}}}\n");
        let objects = checked(&text, |_| {}).lower();
        objects.of_kind("Job").map(|job| job.name().to_owned()).next().unwrap()
    };
    assert_ne!(name("1.0"), name("1.1"));
    assert_eq!(name("1.0"), name("1.0"));
}

#[test]
fn a_schedule_makes_a_cron_job() {
    let objects = shop().lower();
    let job: CronJob = object(&objects, "CronJob", "dev-report");
    let spec = job.spec.unwrap();
    assert_eq!((spec.schedule.as_str(), spec.concurrency_policy.as_deref()), ("0 3 * * *", Some("Forbid")));
    let template = spec.job_template.spec.unwrap().template;
    let pod = template.spec.unwrap();
    assert_eq!(container(&pod).image.as_deref(), Some("postgres:15.2-alpine"));
    assert_eq!(template.metadata.unwrap().labels.unwrap()["kstack.dev/service"], "dev-report");
}

#[test]
fn folders_that_must_belong_to_the_user_are_made_by_him() {
    let objects = shop().lower();
    let set: StatefulSet = object(&objects, "StatefulSet", "dev-search");
    let pod = set.spec.unwrap().template.spec.unwrap();
    let own = &pod.init_containers.clone().unwrap()[0];
    assert_eq!(own.command.clone().unwrap()[..2], ["mkdir".to_owned(), "-p".to_owned()]);
    let mounts = container(&pod).volume_mounts.clone().unwrap();
    let data = mounts.iter().find(|mount| mount.mount_path == "/opt/vespa/var").unwrap();
    assert_eq!(data.sub_path.as_deref(), Some("owned"));
}

#[test]
fn what_the_stack_has_not_leaves_nothing_behind() {
    let text = "\
stack: s
values: {files: {default: false}, models: {type: url, default: null}, backup: {type: schedule, default: null}}
externals: {models: <value.models>}
services:
  files: {when: <value.files>, image: s/files:1.0, ports: {http: 9000}, user: 1000}
  backup: {when: <value.backup>, schedule: <value.backup>, image: s/backup:1.0, user: 1000}
  api:
    image: s/api:1.0
    user: 1000
    after: [files]
    uses:
      files: {wait: ready, env: {FILES: <url>}, else: {FILES: database}}
      models: {env: {MODELS: <url>}}
    env: {BACKUP_AT: <value.backup>, MODE: web}
    command: [serve, <value.backup>]
";
    let checked = checked(text, |_| {});
    let objects = checked.lower();
    let names: Vec<&str> = objects.iter().map(stack_krm::Resource::name).collect();
    assert!(names.iter().all(|name| !name.contains("files") && !name.contains("backup")), "{names:?}");
    let deployment: Deployment = object(&objects, "Deployment", "api");
    let pod = deployment.spec.unwrap().template.spec.unwrap();
    assert_eq!(variable(container(&pod), "FILES").as_deref(), Some("database"));
    assert_eq!((variable(container(&pod), "MODELS"), variable(container(&pod), "BACKUP_AT")), (None, None));
    assert_eq!(container(&pod).command.as_deref(), Some(["serve".to_owned()].as_slice()));
    assert_eq!(pod.init_containers, None);
    assert!(view::matrix(&checked).is_empty());
}

#[test]
fn ports_that_the_consumer_is_told_of_are_opened_on_both_sides() {
    let text = "stack: s
services:
  vec: {component: qdrant, storage: 1Gi}
  api:
    image: s/api:1
    user: 1000
    ports: {http: 8080}
    env: {LATER: <vec.grpc.url>}
    uses: {vec: {env: {NOW: <http.url>}}}
  other:
    image: s/api:1
    user: 1000
    uses: {vec: {env: {NOW: <http.url>, AND: <grpc.port>}}}
  third: {image: s/api:1, user: 1000, uses: {vec: {env: {NOW: <http.url>}}}}
";
    let objects = checked(text, |_| {}).lower();
    let opened = |name: &str| -> Vec<i32> {
        let policy: NetworkPolicy = object(&objects, "NetworkPolicy", name);
        let egress = policy.spec.and_then(|spec| spec.egress).unwrap_or_default();
        let ports = egress.into_iter().flat_map(|rule| rule.ports.unwrap_or_default());
        ports.filter_map(|port| if let Some(IntOrString::Int(port)) = port.port { Some(port) } else { None }).collect()
    };
    assert_eq!((opened("api"), opened("other"), opened("third")), (vec![6333, 6334], vec![6333, 6334], vec![6333]));
}

#[test]
fn where_an_image_comes_from_is_said_last_by_the_overlay() {
    let stack = checked("stack: s\nservices: {api: {build: api, user: 1000}}\n", |stack| {
        let over = stack_model::Service { image: Some("ghcr.io/s/api:2".into()), ..stack_model::Service::default() };
        stack.service_mut("api").expect("the service").merge(&over);
    });
    let deployment: Deployment = object(&stack.lower(), "Deployment", "api");
    let pod = deployment.spec.and_then(|spec| spec.template.spec).expect("a pod");
    assert_eq!(container(&pod).image.as_deref(), Some("ghcr.io/s/api:2"));
}

#[test]
fn a_reference_that_a_program_wrote_as_text_is_warned_of() {
    let mut stack = Stack::new("s");
    stack
        .add("api", stack_model::Service::image("s/api:1").user(1000).env("SELF", "<self.host>").env("OTHER", "a < b"));
    let checked = stack.check().expect("no fault");
    let warnings: Vec<&str> = checked.warnings().iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(warnings, ["variable `SELF` of `api` is `<self.host>`, which nothing fills in"]);
}
