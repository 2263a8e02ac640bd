//! Cleans up after this test process however it ends, also by SIGKILL.
//!
//! A small shell waits for the end of its standard input, which is a pipe held by this process and
//! by nobody else. Then it stops the servers below the scratch directory and removes it.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::place;

/// `$1` is the scratch directory. Only processes whose command line names it are touched.
const SCRIPT: &str = r#"
cat >/dev/null
ours() {
    { tr '\000' ' ' <"/proc/$1/cmdline" 2>/dev/null || ps -o command= -p "$1" 2>/dev/null; } | grep -qF -- "$scratch"
}
scratch=$1
for round in 1 2 3 4 5 6 7 8 9 10; do
    left=0
    for file in "$scratch"/*/servers/*.pid; do
        [ -f "$file" ] || continue
        pid=$(head -n 1 "$file")
        case $pid in ''|*[!0-9]*) continue ;; esac
        ours "$pid" || continue
        left=1
        case $file in
            */postgres.pid) if [ "$round" -lt 9 ]; then kill -QUIT "$pid"; else kill -KILL "$pid"; fi ;;
            *) kill -KILL "$pid" ;;
        esac
        kill -CONT "$pid"
    done
    [ $left = 0 ] && break
    sleep 0.2
done
rm -rf -- "$scratch"
"#;

/// Held until the end of the process; the kernel then closes the pipe.
static GUARD: OnceLock<(PathBuf, Child)> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A fresh directory for one private server. When this process ends, however it does, the processes
/// whose ids stand in `servers/*.pid` below the directory are stopped if their command line names
/// the directory, and it is removed.
pub fn scratch(purpose: &str) -> PathBuf {
    let (root, _) = GUARD.get_or_init(start);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = root.join(format!("{purpose}{number}"));
    place::make(&path);
    path
}

fn start() -> (PathBuf, Child) {
    let unique = uuid::Uuid::new_v4().simple().to_string();
    let name: String = unique.chars().take(8).collect();
    let root = place::root()
        .join("s")
        .join(format!("{}-{name}", std::process::id()));
    place::make(&place::root().join("s"));
    place::make(&root);
    let child = watch(&root);
    (root, child)
}

fn watch(root: &Path) -> Child {
    Command::new("sh")
        .args(["-c", SCRIPT, "testkit-guard"])
        .arg(root)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C reaches the test; the guard has to outlive it.
        .process_group(0)
        .spawn()
        .expect("a shell runs")
}
