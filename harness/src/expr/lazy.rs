//! JSON objects and arrays as CEL values that are converted one level at a time, when an expression asks: most rules
//! read two fields of a body of hundreds.

use super::reads;
use super::value::from_json;
use cel::ExecutionError;
use cel::common::traits::{Adder, Container, Indexer, Iterable, Sizer, Zeroer};
use cel::common::types::{CelInt, CelList, CelMap, CelMapKey, CelString, Type};
use cel::common::value::{Builtin, BuiltinRef, CowVal, Val};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A JSON object as a CEL map.
#[derive(Debug)]
pub struct Object<'v> {
    map: &'v Map<String, Value>,
    whole: OnceLock<CelMap<'v>>,
    /// Members that have members, so that a path of names converts nothing twice.
    nested: OnceLock<Vec<(&'v str, Box<dyn Val + 'v>)>>,
}

impl<'v> Object<'v> {
    pub fn new(map: &'v Map<String, Value>) -> Self {
        Self { map, whole: OnceLock::new(), nested: OnceLock::new() }
    }

    /// A member that has members.
    fn nested(&self, name: &str) -> Option<&(dyn Val + 'v)> {
        let has_members = |value: &Value| matches!(value, Value::Object(_) | Value::Array(_));
        let nested = self.nested.get_or_init(|| {
            let members = self.map.iter().filter(|(_, value)| has_members(value));
            members.map(|(name, value)| (name.as_str(), from_json(value))).collect()
        });
        nested.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }

    /// The map with its own level converted, for what needs all of it.
    fn whole(&self) -> &CelMap<'v> {
        reads::members(self.map);
        self.whole.get_or_init(|| {
            let entries: HashMap<CelMapKey<'v>, Box<dyn Val + 'v>> =
                self.map.iter().map(|(k, v)| (CelMapKey::from(k.as_str()), from_json(v))).collect();
            CelMap::from(entries)
        })
    }
}

impl Val for Object<'_> {
    fn get_type(&self) -> &Type {
        <Self as Val>::cel_type()
    }

    fn cel_type() -> &'static Type {
        <CelMap<'static> as Val>::cel_type()
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'w>(&'b self) -> Option<&'b (dyn Indexer + 'w)>
    where
        Self: 'w,
    {
        Some(self)
    }

    fn into_indexer<'w>(self: Box<Self>) -> Option<Box<dyn Indexer + 'w>>
    where
        Self: 'w,
    {
        Some(self)
    }

    fn as_iterable<'b, 'w>(&'b self) -> Option<&'b (dyn Iterable + 'w)>
    where
        Self: 'w,
    {
        self.whole().as_iterable()
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn as_zeroer(&self) -> Option<&dyn Zeroer> {
        self.whole().as_zeroer()
    }

    fn equals(&self, other: &dyn Val) -> bool {
        self.whole().equals(other)
    }

    fn clone_as_boxed<'w>(&self) -> Box<dyn Val + 'w>
    where
        Self: 'w,
    {
        Box::new(Object::new(self.map))
    }

    fn as_builtin<'b, 'w>(&'b self) -> BuiltinRef<'b, 'w>
    where
        Self: 'w,
    {
        BuiltinRef::Map(self.whole())
    }

    fn into_builtin<'w>(self: Box<Self>) -> Option<Builtin<'w>>
    where
        Self: 'w,
    {
        self.whole();
        self.whole.into_inner().map(Builtin::Map)
    }
}

impl Indexer for Object<'_> {
    fn get<'b, 'w>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'w>, ExecutionError>
    where
        Self: 'w,
    {
        let Some(name) = key.downcast_ref::<CelString>() else {
            return self.whole().as_indexer().map_or_else(|| Err(no_index()), |whole| whole.get(key));
        };
        match self.map.get(name.inner()) {
            Some(value) => {
                reads::value(value);
                // What is borrowed is looked into in place; of what is owned, CEL would convert all members.
                Ok(match value {
                    Value::Object(_) | Value::Array(_) => self
                        .nested(name.inner())
                        .map_or_else(|| CowVal::Owned(from_json(value)), CowVal::Borrowed),
                    _ => CowVal::Owned(from_json(value)),
                })
            }
            None => {
                reads::asked_of_members(self.map);
                Err(ExecutionError::NoSuchKey(name.inner().to_owned().into()))
            }
        }
    }

    fn steal<'w>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'w>, ExecutionError>
    where
        Self: 'w,
    {
        self.get(key).map(CowVal::into_owned)
    }
}

impl Container for Object<'_> {
    fn contains(&self, key: &dyn Val) -> Result<bool, ExecutionError> {
        match key.downcast_ref::<CelString>() {
            Some(name) => {
                let found = self.map.get(name.inner());
                match found {
                    Some(value) => reads::value(value),
                    None => reads::asked_of_members(self.map),
                }
                Ok(found.is_some())
            }
            None => self.whole().as_container().map_or_else(|| Err(no_index()), |whole| whole.contains(key)),
        }
    }
}

impl Sizer for Object<'_> {
    fn size(&self) -> CelInt {
        reads::asked_of_members(self.map);
        CelInt::from(self.map.len() as i64)
    }
}

/// A JSON array as a CEL list.
#[derive(Debug)]
pub struct List<'v> {
    items: &'v [Value],
    whole: OnceLock<CelList<'v>>,
    /// The elements that were asked for.
    nested: OnceLock<Vec<OnceLock<Box<dyn Val + 'v>>>>,
}

impl<'v> List<'v> {
    pub fn new(items: &'v [Value]) -> Self {
        Self { items, whole: OnceLock::new(), nested: OnceLock::new() }
    }

    fn whole(&self) -> &CelList<'v> {
        reads::items(self.items);
        self.whole.get_or_init(|| CelList::from(self.items.iter().map(from_json).collect::<Vec<_>>()))
    }
}

impl Val for List<'_> {
    fn get_type(&self) -> &Type {
        <Self as Val>::cel_type()
    }

    fn cel_type() -> &'static Type {
        <CelList<'static> as Val>::cel_type()
    }

    fn as_adder<'b, 'w>(&'b self) -> Option<&'b (dyn Adder + 'w)>
    where
        Self: 'w,
    {
        self.whole().as_adder()
    }

    fn as_container(&self) -> Option<&dyn Container> {
        self.whole().as_container()
    }

    fn as_indexer<'b, 'w>(&'b self) -> Option<&'b (dyn Indexer + 'w)>
    where
        Self: 'w,
    {
        Some(self)
    }

    fn into_indexer<'w>(self: Box<Self>) -> Option<Box<dyn Indexer + 'w>>
    where
        Self: 'w,
    {
        Some(self)
    }

    fn as_iterable<'b, 'w>(&'b self) -> Option<&'b (dyn Iterable + 'w)>
    where
        Self: 'w,
    {
        self.whole().as_iterable()
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn as_zeroer(&self) -> Option<&dyn Zeroer> {
        self.whole().as_zeroer()
    }

    fn equals(&self, other: &dyn Val) -> bool {
        self.whole().equals(other)
    }

    fn clone_as_boxed<'w>(&self) -> Box<dyn Val + 'w>
    where
        Self: 'w,
    {
        Box::new(List::new(self.items))
    }

    fn as_builtin<'b, 'w>(&'b self) -> BuiltinRef<'b, 'w>
    where
        Self: 'w,
    {
        BuiltinRef::List(self.whole())
    }

    fn into_builtin<'w>(self: Box<Self>) -> Option<Builtin<'w>>
    where
        Self: 'w,
    {
        self.whole();
        self.whole.into_inner().map(Builtin::List)
    }
}

impl Indexer for List<'_> {
    fn get<'b, 'w>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'w>, ExecutionError>
    where
        Self: 'w,
    {
        let position = index.downcast_ref::<CelInt>().and_then(|i| usize::try_from(*i.inner()).ok());
        match position.and_then(|position| Some((position, self.items.get(position)?))) {
            Some((position, value)) => {
                reads::value(value);
                let nested = self.nested.get_or_init(|| self.items.iter().map(|_| OnceLock::new()).collect());
                Ok(CowVal::Borrowed(nested[position].get_or_init(|| from_json(value)).as_ref()))
            }
            // Out of bounds, and every other kind of index, is answered by CEL's own list.
            None => self.whole().as_indexer().map_or_else(|| Err(no_index()), |whole| whole.get(index)),
        }
    }

    fn steal<'w>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'w>, ExecutionError>
    where
        Self: 'w,
    {
        self.get(index).map(CowVal::into_owned)
    }
}

impl Sizer for List<'_> {
    fn size(&self) -> CelInt {
        reads::items(self.items);
        CelInt::from(self.items.len() as i64)
    }
}

fn no_index() -> ExecutionError {
    ExecutionError::InternalError("not indexable".into())
}
