//! The whole of `examples/llm-stack/stack.yaml` in Rust; `tests/twins.rs` proves that both say the same.

use stack_model::component::{LiteLlm, Nginx, OpenWebUi, Postgres, Qdrant, R2r, Redis};
use stack_model::units::{gi, mi, milli};
use stack_model::{Build, ExternalKind, Probe, Probes, Stack, Template, Workload};

/// Chat, retrieval and a model gateway.
pub(crate) fn llm_stack() -> Stack {
    let mut stack = Stack::new("llm-stack")
        .description("Chat, retrieval and a model gateway, for Minikube and for a cluster")
        .version("1.0.0");

    stack.external("user", ExternalKind::Person);
    let openai = stack.external_url("openai", "https://api.openai.com");
    let anthropic = stack.external_url("anthropic", "https://api.anthropic.com");
    let openai_key = stack.optional_secret("litellm-secret", "openai-api-key");
    let anthropic_key = stack.optional_secret("litellm-secret", "anthropic-api-key");

    let postgres = Postgres::database("r2r_db")
        .extensions(["vector", "uuid-ossp", "pg_trgm", "fuzzystrmatch"])
        .headless()
        .storage(gi(20))
        .cpu(milli(250)..milli(1000))
        .memory(mi(512)..gi(1));
    let postgres = stack.add("postgres", postgres);

    let redis = Redis::server().headless().storage(gi(5)).cpu(milli(100)..milli(500)).memory(mi(256)..mi(512));
    let redis = stack.add("redis", redis);

    let qdrant = Qdrant::node()
        .build("qdrant")
        .workload(Workload::Deployment)
        .storage(gi(10))
        .cpu(milli(250)..milli(500))
        .memory(mi(512)..gi(1));
    let qdrant = stack.add("qdrant", qdrant);

    let litellm = LiteLlm::config("litellm/config.yaml")
        .build("litellm")
        .secret("litellm-secret")
        .probes(Probes::new().live(Probe::new().delay(30).every(10)).ready(Probe::new().delay(10).every(5)))
        .cpu(milli(250)..milli(500))
        .memory(mi(512)..gi(1))
        .env("LITELLM_PORT", Template::parse("<self.http.port>"))
        .uses(openai.purpose("Models").env("OPENAI_API_KEY", openai_key))
        .uses(anthropic.purpose("Models").env("ANTHROPIC_API_KEY", anthropic_key));
    let litellm = stack.add("litellm", litellm);

    let r2r = R2r::server()
        .build("r2r")
        .cpu(milli(500)..milli(1000))
        .memory(gi(1)..gi(2))
        .postgres(postgres.sql().when_ready().purpose("Documents and vectors"))
        .qdrant(qdrant.http().when_ready().purpose("Vector search").ports(["http", "grpc"]))
        .redis(redis.redis().purpose("Cache"))
        .models(litellm.openai_api().purpose("Embeddings and answers"));
    stack.add("r2r", r2r);

    let openwebui = OpenWebUi::server()
        .build("openwebui")
        .storage(gi(5))
        .cpu(milli(250)..milli(500))
        .memory(mi(512)..gi(2))
        .models(litellm.openai_api().when_ready().purpose("Chat"));
    let openwebui = stack.add("openwebui", openwebui);

    let react_client = Nginx::server()
        .build(Build::of("react-client").arg("VITE_API_BASE_URL", "/api"))
        .port("http", 3000)
        .cpu(milli(100)..milli(500))
        .memory(mi(256)..mi(512))
        .files("/", "/usr/share/nginx/html", "index.html")
        .route("/api/", openwebui.http().purpose("Chat"));
    stack.add("react-client", react_client);

    stack
}

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
#[allow(dead_code, reason = "a test includes this file for its function")]
fn main() {
    for (name, service) in &llm_stack().services {
        println!("{name:13} {}", service.component.as_ref().map_or("", |component| component.name()));
    }
}
