use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetricSource,
};
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::object::Writer;
use crate::{Scale, ScaleRules, ScaleStep};

impl Writer<'_> {
    pub(super) fn scaling(&mut self) {
        if let Some(scale) = &self.plan.scale {
            self.autoscaler(scale);
        }
        if self.plan.replicated {
            let spec = PodDisruptionBudgetSpec {
                max_unavailable: Some(IntOrString::Int(1)),
                selector: Some(self.selector()),
                // A pod that is broken anyway must not hold a node's drain back.
                unhealthy_pod_eviction_policy: Some("AlwaysAllow".to_owned()),
                ..PodDisruptionBudgetSpec::default()
            };
            let metadata = self.metadata(self.plan.name.as_str());
            self.push(&PodDisruptionBudget { metadata, spec: Some(spec), ..PodDisruptionBudget::default() });
        }
    }

    fn autoscaler(&mut self, scale: &Scale) {
        let (fewest, most) = self.plan.replica_range;
        let metric = |(name, target): (&str, Option<u32>)| {
            Some(MetricSpec {
                type_: "Resource".to_owned(),
                resource: Some(ResourceMetricSource {
                    name: name.to_owned(),
                    target: MetricTarget {
                        type_: "Utilization".to_owned(),
                        average_utilization: number(target?),
                        ..MetricTarget::default()
                    },
                }),
                ..MetricSpec::default()
            })
        };
        let metrics = [("cpu", scale.cpu), ("memory", scale.memory)].into_iter().filter_map(metric).collect();
        let behavior = (scale.up.is_some() || scale.down.is_some()).then(|| HorizontalPodAutoscalerBehavior {
            scale_up: scale.up.as_ref().map(rules),
            scale_down: scale.down.as_ref().map(rules),
        });
        let spec = HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".to_owned()),
                kind: self.plan.workload.kind().to_owned(),
                name: self.name(),
            },
            min_replicas: number(fewest),
            max_replicas: number(most).unwrap_or(i32::MAX),
            metrics: Some(metrics),
            behavior,
        };
        let metadata = self.metadata(self.plan.autoscaler.as_str());
        self.push(&HorizontalPodAutoscaler { metadata, spec: Some(spec), ..HorizontalPodAutoscaler::default() });
    }
}

fn number(number: u32) -> Option<i32> {
    i32::try_from(number).ok()
}

fn rules(rules: &ScaleRules) -> HPAScalingRules {
    let policy = |step: &ScaleStep| HPAScalingPolicy {
        type_: if step.percent { "Percent" } else { "Pods" }.to_owned(),
        value: number(step.amount).unwrap_or(i32::MAX),
        period_seconds: number(step.period).unwrap_or(i32::MAX),
    };
    HPAScalingRules {
        stabilization_window_seconds: rules.stabilize.and_then(number),
        policies: (!rules.by.is_empty()).then(|| rules.by.iter().map(policy).collect()),
        select_policy: Some(if rules.take_smallest { "Min" } else { "Max" }.to_owned()),
        ..HPAScalingRules::default()
    }
}
