//! How fast YAML is read and written: `cargo bench -p stack-krm --bench yaml`.

use divan::Bencher;
use divan::counter::BytesCount;
use stack_krm::yaml::{Limits, Node, PrintOptions, print, read, to_node};

fn main() {
    divan::main();
}

/// Some 4.8 MB of Deployments, Kubernetes Services and config maps.
fn manifests() -> String {
    let mut text = String::new();
    for index in 0..2650 {
        text.push_str(&MANIFESTS.replace("NAME", &format!("app-{index}")));
    }
    text
}

#[divan::bench]
fn read_manifests(bencher: Bencher) {
    let text = manifests();
    bencher.counter(BytesCount::of_str(&text)).bench(|| read(&text, &Limits::default()));
}

#[divan::bench(args = [PrintOptions::KUSTOMIZE, PrintOptions::SOURCE])]
fn write_manifests(bencher: Bencher, options: &PrintOptions) {
    let documents = read(&manifests(), &Limits::default()).unwrap_or_default();
    let write = || {
        let mut out = String::new();
        for document in &documents {
            out.push_str("---\n");
            let _ = print(&document.root, options, &mut out);
        }
        out
    };
    bencher.counter(BytesCount::new(write().len())).bench(write);
}

/// 16,000 objects by way of serde.
#[divan::bench]
fn lower_objects(bencher: Bencher) {
    let documents = read(&manifests(), &Limits::default()).unwrap_or_default();
    let objects: Vec<serde_json::Value> = documents
        .iter()
        .cycle()
        .take(16_000)
        .filter_map(|document| serde_json::to_value(&document.root).ok())
        .collect();
    bencher.bench(|| objects.iter().filter_map(|object| to_node(object).ok()).collect::<Vec<Node>>());
}

const MANIFESTS: &str = r#"---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: default
  labels:
    app.kubernetes.io/name: NAME
    app.kubernetes.io/part-of: bench
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: NAME
  template:
    metadata:
      labels:
        app.kubernetes.io/name: NAME
    spec:
      containers:
      - name: main
        image: ghcr.io/example/NAME:1.4.2
        args: ["--listen=0.0.0.0:8080", "--log-level", info]
        env:
        - name: POSTGRES_HOST
          value: postgres
        - name: DATABASE_URL
          value: "postgresql://app:$(POSTGRES_PASSWORD)@$(POSTGRES_HOST):5432/app"
        - name: POSTGRES_PASSWORD
          valueFrom:
            secretKeyRef:
              name: NAME-secrets
              key: password
        ports:
        - name: http
          containerPort: 8080
        readinessProbe:
          httpGet:
            path: /healthz
            port: http
          periodSeconds: 5
        resources:
          requests:
            cpu: 250m
            memory: 512Mi
          limits:
            memory: 1Gi
---
apiVersion: v1
kind: Service
metadata:
  name: NAME
  namespace: default
spec:
  selector:
    app.kubernetes.io/name: NAME
  ports:
  - name: http
    port: 80
    targetPort: http
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: NAME-config
  namespace: default
data:
  LOG_LEVEL: info
  TIMEOUT: "30"
  nginx.conf: |
    server {
      listen 8080;
      location / {
        proxy_pass http://NAME:80;
      }
    }
"#;
