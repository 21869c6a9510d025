//! Templates that were loaded, each once, and rendering one of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use minijinja::{Environment, Value};

use crate::environment::{self, PLAIN};
use crate::python::{iterate, str_of};
use crate::rendering::{Failure, Outcome, Rendering};
use crate::template::Template;

pub struct Engine {
    environment: Arc<Environment<'static>>,
    load: Box<crate::rendering::Load>,
}

impl Engine {
    /// `source` gives a template's text by its name, from any thread.
    pub fn new(source: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Engine {
        let mut built = environment::build();
        // Nothing but states for filters comes of these two.
        for name in [PLAIN, "html"] {
            built.add_template(name, "").expect("an empty template is one");
        }
        let environment = Arc::new(built);
        let (shared, loaded) = (environment.clone(), Mutex::new(HashMap::<String, Arc<Template>>::new()));
        let load = move |name: &str| -> Outcome<Option<Arc<Template>>> {
            if let Some(template) = loaded.lock().expect("no holder panics").get(name) {
                return Ok(Some(template.clone()));
            }
            let Some(text) = source(name) else { return Ok(None) };
            let template = Template::parse(name, &text, &shared)
                .map_err(|error| Failure { placed: true, ..Failure::from(error) })?;
            let mut loaded = loaded.lock().expect("no holder panics");
            Ok(Some(loaded.entry(name.into()).or_insert(template).clone()))
        };
        Engine { environment, load: Box::new(load) }
    }

    /// The rendered text, or one line that says what failed and where.
    pub fn render(&self, name: &str, context: Value) -> Result<String, String> {
        self.try_render(name, context).map_err(|failure| failure.text)
    }

    fn try_render(&self, name: &str, context: Value) -> Outcome<String> {
        let (plain, html) = (self.environment.get_template(PLAIN)?, self.environment.get_template("html")?);
        let states = [plain.new_state(), html.new_state()];
        let mut rendering = Rendering::new(&self.environment, &*self.load, states);
        let mut given = (*rendering.globals).clone();
        for key in iterate(&context)? {
            given.insert(str_of(&key), context.get_item(&key)?);
        }
        let template = rendering.template(name)?;
        let mut out = String::new();
        rendering.run(&template, Arc::new(given), &mut out)?;
        Ok(out)
    }
}
