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
    // From here on, not only when the thread gets to it: what comes in between would end the process.
    let mut signals = {
        let _entered = runtime.enter();
        Signals::new()?
    };
    let (sender, receiver) = channel();
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        runtime.block_on(async {
            signals.next().await;
            act();
            let _ = sender.send(());
            signals.next().await;
            std::process::exit(130);
        });
    })?;
    Ok(Watch(receiver))
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
