//! The smallest stack: one service, as Kubernetes objects on standard output.

use stack_model::{Service, Stack};

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut stack = Stack::new("hello");
    stack.add(
        "web",
        Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).probe("/").user(101),
    );
    print!("{}", stack.check()?.lower().to_yaml()?);
    Ok(())
}
