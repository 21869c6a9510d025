#include "mail/template_engine.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <embedded/mail_templates.hpp>

#include "mail/file_content.hpp"
#include "mail/jinja/jinja.h"
#include "mail/template_context.hpp"

namespace localtea::mail {
namespace {

void append(void* out, const char* data, size_t size) { static_cast<std::string*>(out)->append(data, size); }

std::optional<std::string_view> embedded_template(std::string_view name) {
    for (const auto& file : embedded::mail_templates)
        if (file.name == name) return file.content;
    return std::nullopt;
}

/// When the file was last written; none while there is no such file.
using Stamp = std::optional<std::filesystem::file_time_type>;

Stamp stamp_of(const std::filesystem::path& path) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(path, error);
    return error ? Stamp{} : Stamp{time};
}

/// The file behind `path`, when it is a plain one inside `folder`: a link may lead to another file there, not out.
std::optional<std::filesystem::path> file_inside(const std::filesystem::path& folder,
                                                 const std::filesystem::path& path) {
    std::error_code error;
    const auto root = std::filesystem::canonical(folder, error);
    if (error) return std::nullopt;
    auto file = std::filesystem::canonical(path, error);
    if (error || !std::filesystem::is_regular_file(file, error)) return std::nullopt;
    const auto [end, _] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    return end == root.end() ? std::optional{std::move(file)} : std::nullopt;
}

}  // namespace

/// Compiled templates, and the files they came from as they were then.
class TemplateEngine::Environment {
public:
    explicit Environment(std::filesystem::path folder)
        : folder_(std::move(folder)), handle_(jinja_new(&load, this)) {}
    ~Environment() { jinja_free(handle_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    std::string render(std::string_view name, const std::string& context) const {
        std::string text;
        if (jinja_render(handle_, name.data(), name.size(), context.data(), context.size(), &append, &text))
            return text;
        const std::lock_guard lock{mutex_};
        throw PermanentMailError(fmt::format("template {}: {}{}", name, text, outside_));
    }

    /// A file it loaded, or looked for in vain, has changed since.
    bool stale() const {
        const std::lock_guard lock{mutex_};
        return std::any_of(stamps_.begin(), stamps_.end(),
                           [](const auto& entry) { return stamp_of(entry.first) != entry.second; });
    }

private:
    static bool load(void* user, const char* name, size_t size, jinja_write write, void* out) noexcept {
        return static_cast<Environment*>(user)->load_into({name, size}, write, out);
    }

    bool load_into(std::string_view name, jinja_write write, void* out) {
        if (!is_template_name(name)) return false;
        if (!folder_.empty()) {
            const auto path = folder_ / name;
            // Before reading: a change in between then counts as one to come.
            remember(path, stamp_of(path));
            const auto file = file_inside(folder_, path);
            if (const auto text = file ? file_content(*file) : std::nullopt) {
                write(out, text->data(), text->size());
                return true;
            }
            // What lies there and may not be read hides the embedded one, too: nobody is sent another mail
            // instead.
            std::error_code error;
            if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
                refuse(name);
                return false;
            }
        }
        const auto text = embedded_template(name);
        if (text) write(out, text->data(), text->size());
        return text.has_value();
    }

    void refuse(std::string_view name) {
        const std::lock_guard lock{mutex_};
        outside_ = fmt::format("; {} is no plain file inside TEMPLATES_DIR", name);
    }

    void remember(const std::filesystem::path& path, Stamp stamp) {
        const std::lock_guard lock{mutex_};
        stamps_[path] = stamp;
    }

    const std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::map<std::filesystem::path, Stamp> stamps_;  // guarded by mutex_
    std::string outside_;  // guarded by mutex_; the last file that was not read, for errors
    jinja_environment* handle_;
};

TemplateEngine::TemplateEngine(TemplateOptions options)
    : options_(std::move(options)), environment_(std::make_shared<Environment>(options_.folder)) {}

TemplateEngine::~TemplateEngine() = default;

std::shared_ptr<const TemplateEngine::Environment> TemplateEngine::current() const {
    const std::lock_guard lock{mutex_};
    if (options_.reload && environment_->stale()) environment_ = std::make_shared<Environment>(options_.folder);
    return environment_;
}

std::string TemplateEngine::render(std::string_view name, const samovar::Object& context) const {
    if (!is_template_name(name))
        throw PermanentMailError("template_name must be letters, digits, _ and - before .html");
    return current()->render(name, encode_context(context));
}

bool is_template_name(std::string_view name) {
    constexpr std::string_view suffix = ".html";
    if (!name.ends_with(suffix) || name.size() == suffix.size()) return false;
    name.remove_suffix(suffix.size());
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

}  // namespace localtea::mail
