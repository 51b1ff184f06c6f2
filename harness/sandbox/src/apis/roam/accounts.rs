//! Who can log in: members, operators and shop assistants, all made up, known by rule instead of by a table.

use std::collections::BTreeMap;

use super::refusal::Refusal;

/// A user's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct UserId(pub(super) u64);

/// What a user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Buys: `member1` to `member99` are the users 1 to 99.
    Member,
    /// Runs the mall: `operator1` to `operator9` are the users 100 to 108.
    Operator,
    /// Hands out cards: `82930001` to `82930099` are the users 125 to 223, with a password that must be changed.
    Assistant,
}

impl Role {
    /// The `type` of login's answer; 1 is that of #558.
    pub(super) fn number(self) -> u8 {
        match self {
            Role::Member => 0,
            Role::Assistant => 1,
            Role::Operator => 2,
        }
    }
}

/// The initial password of every shop assistant.
const INITIAL_PASSWORD: &str = "initial-pass";

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) id: UserId,
    pub(super) name: String,
    pub(super) role: Role,
}

impl Account {
    /// The user of this name.
    pub(super) fn named(name: &str) -> Option<Account> {
        let number = |prefix: &str, most: u64| {
            let digits = name.strip_prefix(prefix).filter(|digits| !digits.starts_with('0'))?;
            let number =
                digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u64>().ok())??;
            (1..=most).contains(&number).then_some(number)
        };
        let (id, role) = if let Some(number) = number("member", 99) {
            (number, Role::Member)
        } else if let Some(number) = number("operator", 9) {
            (99 + number, Role::Operator)
        } else {
            (124 + number("829300", 99).or_else(|| number("8293000", 9))?, Role::Assistant)
        };
        let account = Account { id: UserId(id), name: name.to_owned(), role };
        (Account::numbered(account.id).as_ref() == Some(&account)).then_some(account)
    }

    /// The user of this number.
    pub(super) fn numbered(id: UserId) -> Option<Account> {
        let (name, role) = match id.0 {
            number @ 1..=99 => (format!("member{number}"), Role::Member),
            number @ 100..=108 => (format!("operator{}", number - 99), Role::Operator),
            number @ 125..=223 => (format!("829300{:02}", number - 124), Role::Assistant),
            _ => return None,
        };
        Some(Account { id, name, role })
    }

    /// A made-up phone number.
    pub(super) fn phone(&self) -> String {
        format!("171{:08}", self.id.0)
    }

    /// The password that the account was made with.
    pub(super) fn first_password(&self) -> String {
        match self.role {
            Role::Assistant => INITIAL_PASSWORD.to_owned(),
            Role::Member | Role::Operator => format!("{}-pass", self.name),
        }
    }

    /// Whether this password must be changed before anything else.
    pub(super) fn is_initial(&self, password: &str) -> bool {
        self.role == Role::Assistant && password == INITIAL_PASSWORD
    }
}

/// The passwords that were changed; the others are the first ones.
#[derive(Debug, Default)]
pub(super) struct Passwords(BTreeMap<UserId, String>);

impl Passwords {
    /// The user's password.
    pub(super) fn of(&self, account: &Account) -> String {
        self.0.get(&account.id).cloned().unwrap_or_else(|| account.first_password())
    }

    /// Changes it, for somebody who knows the old one.
    pub(super) fn change(&mut self, account: &Account, old: &str, new: String) -> Result<(), Refusal> {
        if self.of(account) != old {
            return Err(Refusal::WrongPassword);
        }
        self.0.insert(account.id, new);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_one_to_one() {
        for (name, id, role) in [
            ("member7", 7, Role::Member),
            ("member99", 99, Role::Member),
            ("operator1", 100, Role::Operator),
            ("82930001", 125, Role::Assistant),
            ("82930099", 223, Role::Assistant),
        ] {
            let account = Account { id: UserId(id), name: name.to_owned(), role };
            assert_eq!(Account::named(name).as_ref(), Some(&account));
            assert_eq!(Account::numbered(UserId(id)), Some(account));
        }
        for name in
            ["", "member", "member0", "member07", "member100", "member+7", "829300", "82930000", "8293001"]
        {
            assert_eq!(Account::named(name), None, "{name}");
        }
    }

    #[test]
    fn an_initial_password_comes_back() {
        let account = Account::named("82930001").unwrap();
        let mut passwords = Passwords::default();
        assert!(account.is_initial(&passwords.of(&account)));
        assert_eq!(passwords.change(&account, "wrong", "next".to_owned()), Err(Refusal::WrongPassword));
        passwords.change(&account, INITIAL_PASSWORD, "next".to_owned()).unwrap();
        assert!(!account.is_initial(&passwords.of(&account)));
        passwords.change(&account, "next", INITIAL_PASSWORD.to_owned()).unwrap();
        assert!(account.is_initial(&passwords.of(&account)));
    }
}
