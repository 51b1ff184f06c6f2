//! Ctrl-C and SIGTERM.

use std::io;
use std::sync::mpsc::{Receiver, channel};

/// The other end of the watching thread.
pub struct Watch(Receiver<()>);

impl Watch {
    /// Blocks until a signal comes.
    pub fn wait(self) {
        let _ = self.0.recv();
    }
}

/// Calls `act` at the first signal; a second one ends the process at once.
pub fn watch(act: impl Fn() + Send + 'static) -> io::Result<Watch> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (sender, receiver) = channel();
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            if signal().await.is_err() {
                return;
            }
            act();
            let _ = sender.send(());
            if signal().await.is_ok() {
                std::process::exit(130);
            }
        });
    })?;
    Ok(Watch(receiver))
}

#[cfg(unix)]
async fn signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
