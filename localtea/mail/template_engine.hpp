// Mail templates, rendered as Python's Jinja2 with autoescape renders them.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <samovar/value.hpp>

#include "mail/error.hpp"

namespace localtea::mail {

struct TemplateOptions {
    /// A folder whose templates take the place of the embedded ones of the same name. Empty: none.
    std::filesystem::path folder;
    /// Look at the folder's files before each rendering and take up changes. For development.
    bool reload = false;
};

/// Renders `name.html` byte for byte as Jinja2 does; docs/decisions/ has the few known differences.
/// A template compiles when it is first used and stays compiled.
///
/// Threads: every member from any thread.
class TemplateEngine {
public:
    explicit TemplateEngine(TemplateOptions options = {});
    ~TemplateEngine();
    TemplateEngine(const TemplateEngine&) = delete;
    TemplateEngine& operator=(const TemplateEngine&) = delete;

    /// The HTML of the template `name`, which is letters, digits, "_" and "-" before ".html", as are the names
    /// that templates include and extend.
    /// Errors: PermanentMailError that names the template and the line.
    std::string render(std::string_view name, const samovar::Object& context) const;

private:
    class Environment;
    std::shared_ptr<const Environment> current() const;

    TemplateOptions options_;
    mutable std::mutex mutex_;
    mutable std::shared_ptr<const Environment> environment_;  // guarded by mutex_
};

/// Letters, digits, "_" and "-", then ".html".
bool is_template_name(std::string_view name);

}  // namespace localtea::mail
