#include "openapi.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "components.hpp"
#include "validator.hpp"

namespace web::detail {
namespace {

using samovar::Array;
using samovar::Object;
using samovar::Value;

constexpr std::string_view error_name = "Error";
constexpr std::string_view validation_name = "HTTPValidationError";

std::string lower_case_method(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return out;
}

Value reference(std::string_view name) { return Object{{"$ref", fmt::format("#/components/schemas/{}", name)}}; }

Value content(std::string_view media_type, Value schema) {
    return Object{{std::string{media_type}, Object{{"schema", std::move(schema)}}}};
}

Array strings(const std::vector<std::string>& texts) { return Array(texts.begin(), texts.end()); }

std::string_view place_name(Source source) {
    switch (source) {
        case Source::path:
            return "path";
        case Source::header:
            return "header";
        case Source::cookie:
            return "cookie";
        default:
            return "query";
    }
}

bool stands_in_parameters(Source source) { return source != Source::body && source != Source::form; }

class Writer {
public:
    Value operation(const Endpoint& endpoint) {
        const EndpointOptions& options = endpoint.options;
        Object out;
        if (!options.tags.empty()) out.append("tags", strings(options.tags));
        if (!options.summary.empty()) out.append("summary", options.summary);
        if (!options.description.empty()) out.append("description", options.description);
        out.append("operationId", operation_id(endpoint));
        Array parameters;
        for (const InputShape& input : endpoint.inputs) add_input(out, parameters, input);
        if (!parameters.empty()) out.append("parameters", std::move(parameters));
        out.append("responses", responses(endpoint));
        if (!options.security.empty()) out.append("security", security(options.security));
        if (options.deprecated) out.append("deprecated", true);
        return out;
    }

    Value take_components(const Object& security_schemes) {
        Value schemas = components_.take();
        Object& object = *schemas.if_object();
        if (uses_error_) object.set(std::string{error_name}, error_schema());
        if (uses_validation_) add_validation_schemas(object);
        Object out;
        if (!object.empty()) out.append("schemas", std::move(schemas));
        if (!security_schemes.empty()) out.append("securitySchemes", security_schemes);
        return out;
    }

private:
    std::string operation_id(const Endpoint& endpoint) {
        std::string id = endpoint.options.operation_id;
        if (id.empty()) {
            id = lower_case_method(method_name(endpoint.method));
            for (const char c : endpoint.path) {
                const bool kept = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
                if (kept) {
                    id += c;
                } else if (!id.ends_with('_')) {
                    id += '_';
                }
            }
            while (id.ends_with('_')) id.pop_back();
        }
        std::string unique = id;
        for (int n = 2; !operation_ids_.insert(unique).second; ++n) unique = fmt::format("{}_{}", id, n);
        return unique;
    }

    void add_input(Object& out, Array& parameters, const InputShape& input) {
        const Schema& schema = input.schema();
        if (stands_in_parameters(input.source)) {
            for (const SchemaField& field : inner(schema).fields)
                parameters.push_back(parameter(input.source, field));
            return;
        }
        const bool is_form = input.source == Source::form;
        out.append("requestBody",
                   Object{{"required", schema.kind != Schema::Kind::nullable},
                          {"content", content(is_form ? "application/x-www-form-urlencoded" : "application/json",
                                              components_.schema(inner(schema)))}});
    }

    Value parameter(Source source, const SchemaField& field) {
        const Naming naming{.source = {}, .hyphens = source == Source::header};
        Object out{{"name", display_name(field.name, naming)},
                   {"in", place_name(source)},
                   {"required", source == Source::path || field.required}};
        if (!field.rules.description.empty()) out.append("description", field.rules.description);
        out.append("schema", components_.schema(field));
        return out;
    }

    Value responses(const Endpoint& endpoint) {
        const EndpointOptions& options = endpoint.options;
        Object out;
        out.append(std::to_string(options.status), success(endpoint));
        for (const auto& [status, meaning] : options.errors) {
            uses_error_ = true;
            out.set(
                std::to_string(status),
                Object{{"description", meaning}, {"content", content("application/json", reference(error_name))}});
        }
        if (!endpoint.inputs.empty() && !out.find("422")) {
            uses_validation_ = true;
            out.append("422", Object{{"description", "Validation Error"},
                                     {"content", content("application/json", reference(validation_name))}});
        }
        return out;
    }

    Value success(const Endpoint& endpoint) {
        const int status = endpoint.options.status;
        Object out{{"description", reason_phrase(status)}};
        if (endpoint.result) {
            out.append("content", content("application/json", components_.schema(endpoint.result())));
        } else if (status != 204 && (status < 300 || status > 399)) {
            out.append("content", content(endpoint.options.produces, Object{}));
        }
        return out;
    }

    static Value security(const std::vector<std::string>& names) {
        Object together;
        for (const std::string& name : names) together.set(name, Array{});
        return Array{std::move(together)};
    }

    static Value error_schema() {
        return Object{{"type", "object"},
                      {"title", error_name},
                      {"properties", Object{{"detail", Object{{"type", "string"}}}}},
                      {"required", Array{"detail"}}};
    }

    static void add_validation_schemas(Object& schemas) {
        const Value location = Object{{"anyOf", Array{Object{{"type", "string"}}, Object{{"type", "integer"}}}}};
        schemas.set("ValidationError",
                    Object{{"type", "object"},
                           {"title", "ValidationError"},
                           {"properties", Object{{"loc", Object{{"type", "array"}, {"items", location}}},
                                                 {"msg", Object{{"type", "string"}}},
                                                 {"type", Object{{"type", "string"}}},
                                                 {"input", Object{}},
                                                 {"ctx", Object{{"type", "object"}}}}},
                           {"required", Array{"loc", "msg", "type"}}});
        schemas.set(
            std::string{validation_name},
            Object{{"type", "object"},
                   {"title", validation_name},
                   {"properties",
                    Object{{"detail", Object{{"type", "array"}, {"items", reference("ValidationError")}}}}}});
    }

    Components components_;
    std::set<std::string> operation_ids_;
    bool uses_error_ = false;
    bool uses_validation_ = false;
};

[[noreturn]] void refuse(const Endpoint& endpoint, std::string_view why) {
    throw std::logic_error(fmt::format("{} {}: {}", method_name(endpoint.method), endpoint.path, why));
}

void require_flat(const Endpoint& endpoint, const InputShape& input) {
    const Schema& schema = inner(input.schema());
    if (input.source == Source::body) return;
    if (schema.kind != Schema::Kind::object) refuse(endpoint, "inputs other than a body are described structs");
    for (const SchemaField& field : schema.fields) {
        const Schema* member = &inner(field.schema());
        if (member->kind == Schema::Kind::list) member = &inner(member->item());
        if (member->kind == Schema::Kind::object || member->kind == Schema::Kind::map)
            refuse(endpoint, fmt::format("member {} cannot be read from text", field.name));
    }
}

}  // namespace

Value openapi_document(const DocumentInfo& info, const std::vector<const Endpoint*>& endpoints,
                       const Object& security_schemes) {
    Writer writer;
    Object paths;
    for (const Endpoint* endpoint : endpoints) {
        if (!endpoint->options.in_schema) continue;
        if (!paths.find(endpoint->path)) paths.append(endpoint->path, Object{});
        paths.find(endpoint->path)
            ->if_object()
            ->append(lower_case_method(method_name(endpoint->method)), writer.operation(*endpoint));
    }
    Object about{{"title", info.title}, {"version", info.version}};
    if (!info.description.empty()) about.append("description", info.description);
    Object document{{"openapi", "3.1.0"}, {"info", std::move(about)}, {"paths", std::move(paths)}};
    Value components = writer.take_components(security_schemes);
    if (!components.if_object()->empty()) document.append("components", std::move(components));
    return document;
}

void require_path_struct(const Endpoint& endpoint, const std::vector<std::string>& parameters) {
    std::set<std::string> wanted;
    std::size_t bodies = 0;
    for (const InputShape& input : endpoint.inputs) {
        require_flat(endpoint, input);
        bodies += stands_in_parameters(input.source) ? 0 : 1;
        if (input.source != Source::path) continue;
        for (const SchemaField& field : input.schema().fields) wanted.insert(field.name);
    }
    if (bodies > 1) refuse(endpoint, "a request has one body: declare one Body or Form");
    const bool takes_path = std::any_of(endpoint.inputs.begin(), endpoint.inputs.end(),
                                        [](const InputShape& input) { return input.source == Source::path; });
    if (takes_path && wanted != std::set<std::string>(parameters.begin(), parameters.end()))
        refuse(endpoint, "the members of the Path struct are not the parameters of the path");
}

}  // namespace web::detail
