//! `lachan user`: accounts of the back office, from the machine's own terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use clap::Subcommand;
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};

use crate::admin::password::{self, PasswordError};
use crate::admin::words;
use crate::app::{self, with_causes};
use crate::cli::{Ended, output};
use crate::config::Settings;
use crate::model::review::Role;
use crate::model::sensitive::Sensitive;
use crate::store::account::{Account, Change};
use crate::store::{Act, Actor, Deed, Store, StoreError, StoreKeys, StoreSettings, What};

/// The longest line that is read as a password.
const LINE_BYTES_MAX: u64 = 4096;

/// What to do with accounts.
#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Add an account; the password comes from a prompt, or from standard input.
    Add {
        /// The name to sign in with: lower-case letters, digits, dots, dashes.
        name: String,
        /// What it may do: admin, reviewer or auditor.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The person's name, for pages and reports.
        #[arg(long, value_name = "NAME")]
        full_name: Option<String>,
    },
}

/// Runs `lachan user`.
pub(super) fn user(command: &UserCommand, settings: &Settings) -> Ended {
    let UserCommand::Add {
        name,
        role,
        full_name,
    } = command;
    if words::account_name(name).is_err() {
        output::error(
            "a name has 2 to 40 lower-case letters, digits, dots, dashes or underscores, \
             and begins with a letter",
        );
        return Ended::Failed;
    }
    let password = match read_password() {
        Ok(password) => password,
        Err(error) => {
            output::error(&format!("the password cannot be read: {error}"));
            return Ended::Failed;
        }
    };
    let hashed = password::check_strength(&password, name).and_then(|()| password::hash(&password));
    match hashed {
        Ok(password_hash) => {
            let full_name = full_name.as_deref().unwrap_or(name);
            add(settings, new_account(name, full_name, *role, password_hash))
        }
        Err(PasswordError::NotHashed) => failed(&PasswordError::NotHashed),
        Err(weak) => failed(&weak),
    }
}

fn failed(error: &PasswordError) -> Ended {
    output::error(&error.to_string());
    Ended::Failed
}

fn new_account(name: &str, full_name: &str, role: Role, password_hash: String) -> Account {
    Account {
        name: name.to_owned(),
        full_name: full_name.chars().take(100).collect(),
        role,
        password_hash,
        second_factor: None,
        second_factor_step: 0,
        recovery_codes: Vec::new(),
        sees_secrets: false,
        is_disabled: false,
        must_change_password: false,
        created_at: app::now(),
        version: 0,
    }
}

fn add(settings: &Settings, account: Account) -> Ended {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error(&format!("cannot start the runtime: {error}"));
            return Ended::Failed;
        }
    };
    let name = account.name.clone();
    match runtime.block_on(write(settings, account)) {
        Ok(()) => output::print(&format!("{name}: đã thêm\n")),
        Err(StoreError::Conflict) => {
            output::error(&format!("there is an account {name} already"));
            Ended::Failed
        }
        Err(error) => {
            output::error(&with_causes(&error));
            Ended::Failed
        }
    }
}

/// Writes beside the running program, which goes on from what was added.
async fn write(settings: &Settings, account: Account) -> Result<(), StoreError> {
    let path = settings.store_path();
    if !path.exists() {
        return Err(StoreError::NoneYet(path));
    }
    let keys = StoreKeys::load(&settings.data_dir)?;
    let place = StoreSettings {
        path,
        node: app::node_name(),
    };
    let store = Store::open(&place, keys, app::now).await?;
    let deed = Deed::new(Actor::terminal(), What::AccountAdded)
        .subject(&account.name)
        .fact("role", account.role.as_str());
    let added = store
        .act(Act::of(deed).change(Change::AddAccount(account)))
        .await;
    store.close().await?;
    added.map(|_seqs| ())
}

/// One line: asked for without echo at a terminal, else as it comes.
fn read_password() -> io::Result<Sensitive<String>> {
    let input = io::stdin();
    if !input.is_terminal() {
        return line(input.lock());
    }
    let mut err = io::stderr();
    err.write_all("Mật khẩu: ".as_bytes())?;
    let before = tcgetattr(&input)?;
    let mut silent = before.clone();
    silent.local_flags.remove(LocalFlags::ECHO);
    tcsetattr(&input, SetArg::TCSAFLUSH, &silent)?;
    let typed = line(input.lock());
    tcsetattr(&input, SetArg::TCSAFLUSH, &before)?;
    err.write_all(b"\n")?;
    typed
}

fn line(input: impl io::BufRead) -> io::Result<Sensitive<String>> {
    let mut typed = String::new();
    io::Read::take(input, LINE_BYTES_MAX).read_line(&mut typed)?;
    let typed = typed.trim_end_matches(['\r', '\n']).to_owned();
    Ok(Sensitive::new(typed))
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "write admin, reviewer or auditor".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_without_its_end() {
        let read = |text: &str| line(text.as_bytes()).unwrap().into_exposed();
        assert_eq!(read("bốn con mèo\r\nrest"), "bốn con mèo");
        assert_eq!(read(" giữ dấu cách "), " giữ dấu cách ");
    }
}
