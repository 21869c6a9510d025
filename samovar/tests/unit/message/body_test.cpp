#include "message/body.hpp"

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "base/base64.hpp"
#include "message/zlib_stream.hpp"
#include "support/random_value.hpp"

namespace samovar::message {
namespace {

TaskMessage message_with(BodyText body) {
    TaskMessage message;
    message.task = "t";
    message.id = "i";
    message.body = std::move(body);
    return message;
}

BodyText raw(std::string_view text) {
    BodyText body;
    body.text = text;
    body.encoding.reset();
    return body;
}

BodyText encoded(std::string_view bytes, std::string compression = {}) {
    BodyText body;
    body.owner = std::make_shared<const std::string>(base64::encode(bytes));
    body.text = *body.owner;
    body.compression = std::move(compression);
    return body;
}

DecodeError error_of(BodyText body, const Bounds& limits = {}) {
    try {
        decode_body(message_with(std::move(body)), limits);
    } catch (const DecodeError& error) {
        EXPECT_EQ(error.id(), "i");
        EXPECT_EQ(error.task(), "t");
        return error;
    }
    throw std::logic_error("was read");
}

Body read(std::string_view text) { return decode_body(message_with(raw(text))); }

TEST(Body, what_is_written_reads_back_the_same) {
    testing::RandomValue random{5};
    for (int i = 0; i < 500; ++i) {
        const Body body{.args = random.array(3),
                        .kwargs = random.object(3),
                        .embed = {.callbacks = random.value(2), .chain = random.array(2)}};
        const bool compressed = random.below(2) == 0;
        const BodyText text = encode_body(body, {.compress_from = compressed ? 0 : SIZE_MAX});
        EXPECT_EQ(text.compression.empty(), !compressed);
        EXPECT_EQ(decode_body(message_with(text)), body);
    }
}

TEST(Body, only_bodies_of_the_threshold_and_more_are_compressed) {
    const Body body{.args = {std::string(1'000, 'x')}, .kwargs = {}, .embed = {}};
    const std::size_t size = base64::decode(encode_body(body).text)->size();
    EXPECT_EQ(encode_body(body, {.compress_from = size + 1}).compression, "");
    const BodyText compressed = encode_body(body, {.compress_from = size});
    EXPECT_EQ(compressed.compression, "application/x-gzip");
    EXPECT_LT(compressed.text.size(), size / 2);
}

TEST(Body, all_three_transfer_encodings_are_read) {
    const std::string json = R"([[2, 3], {}, {}])";
    EXPECT_EQ(decode_body(message_with(encoded(json))).args, (Array{2, 3}));
    EXPECT_EQ(decode_body(message_with(raw(json))).args, (Array{2, 3}));
    BodyText utf8 = raw(json);
    utf8.encoding = "utf-8";
    EXPECT_EQ(decode_body(message_with(utf8)).args, (Array{2, 3}));
    utf8.encoding = "rot13";
    EXPECT_EQ(error_of(utf8).code(), DecodeErrc::refused_encoding);
}

TEST(Body, protocol_one_and_the_mixed_form_are_objects) {
    const Body body =
        read(R"({"kwargs": {"a": 1}, "args": [2], "chord": {"task": "c"}, "task": "t", "utc": true})");
    EXPECT_EQ(body.args, Array{2});
    EXPECT_EQ(body.kwargs, (Object{{"a", 1}}));
    EXPECT_EQ(*body.embed.chord.find("task"), Value{"c"});
}

TEST(Body, missing_and_null_parts_are_empty) {
    const Body body = read("[null, null, null]");
    EXPECT_EQ(body, Body{});
    EXPECT_EQ(read("[[], {}, {}]"), Body{});
    EXPECT_EQ(read("{}"), Body{});
}

TEST(Body, embedded_signatures_keep_their_tags) {
    const std::string tagged = R"({"__type__": "decimal", "__value__": "1.50"})";
    const Body body = read("[[" + tagged + "], {}, {\"chain\": [{\"task\": \"t\", \"args\": [" + tagged + "]}]}]");
    EXPECT_EQ(body.args, Array{"1.50"});
    EXPECT_EQ(*body.embed.chain.if_array()->front().find("args"), (Value{Array{json::parse(tagged)}}));
}

TEST(Body, tags_are_resolved_at_any_depth_and_only_when_exact) {
    const Body body =
        read(R"([[[{"k": {"__type__": "uuid", "__value__": {"hex": "0123456789abcdef0123456789abcdef"}}}],)"
             R"( {"__type__": "date", "__value__": "x", "more": 1}, {"__type__": "date"}], {}, {}])");
    EXPECT_EQ(json::dump(body.args),
              R"([[{"k": "01234567-89ab-cdef-0123-456789abcdef"}], )"
              R"({"__type__": "date", "__value__": "x", "more": 1}, {"__type__": "date"}])");
}

TEST(Body, a_wrong_tag_is_refused) {
    for (const char* tagged :
         {R"({"__type__": "complex", "__value__": "1"})", R"({"__type__": 5, "__value__": "1"})",
          R"({"__type__": "date", "__value__": 1})", R"({"__type__": "uuid", "__value__": {"hex": "12"}})",
          R"({"__type__": "uuid", "__value__": "12"})", R"({"__type__": "base64", "__value__": "*"})"}) {
        const std::string text = std::string{"[["} + tagged + "], {}, {}]";
        EXPECT_EQ(error_of(raw(text)).code(), DecodeErrc::bad_body) << tagged;
    }
}

TEST(Body, another_shape_is_refused_and_named) {
    const std::vector<std::pair<const char*, const char*>> cases{{"[[], {}]", "body"},
                                                                 {"[[], {}, {}, 1]", "body"},
                                                                 {"[]", "body"},
                                                                 {"5", "body"},
                                                                 {"\"text\"", "body"},
                                                                 {"[1, {}, {}]", "body.args"},
                                                                 {"[[], [], {}]", "body.kwargs"},
                                                                 {"[[], {}, []]", "body.embed"},
                                                                 {"{\"args\": {}}", "body.args"},
                                                                 {"[[], {}, {}", "body"},
                                                                 {"[[], {}, {}] x", "body"},
                                                                 {"", "body"},
                                                                 {"[[1e], {}, {}]", "body"}};
    for (const auto& [text, field] : cases) {
        const DecodeError error = error_of(raw(text));
        EXPECT_EQ(error.code(), DecodeErrc::bad_body) << text;
        EXPECT_EQ(error.field(), field) << text;
    }
}

TEST(Body, of_four_elements_is_told_so) {
    EXPECT_STREQ(error_of(raw("[[], {}, {}, [1]]")).what(),
                 "body: has 4 elements, and must be an array of three: [args, kwargs, embed]");
}

TEST(Body, other_serialisers_are_refused_by_name) {
    const std::vector<std::pair<const char*, const char*>> cases{{"application/x-python-serialize", "pickle"},
                                                                 {"application/x-msgpack", "msgpack"},
                                                                 {"application/x-yaml", "yaml"},
                                                                 {"application/data", "raw bytes"},
                                                                 {"text/plain", "plain text"},
                                                                 {"application/x-own", "application/x-own"},
                                                                 {"", "\"\""}};
    for (const auto& [content_type, name] : cases) {
        BodyText body = raw("[[], {}, {}]");
        body.content_type = content_type;
        const DecodeError error = error_of(body);
        EXPECT_EQ(error.code(), DecodeErrc::refused_serializer);
        EXPECT_NE(std::string{error.what()}.find(name), std::string::npos) << error.what();
    }
}

TEST(Body, other_characters_sets_are_refused) {
    BodyText body = raw("[[], {}, {}]");
    body.content_encoding = "UTF-8";
    EXPECT_EQ(decode_body(message_with(body)), Body{});
    body.content_encoding = "koi8-r";
    EXPECT_EQ(error_of(body).code(), DecodeErrc::refused_encoding);
}

TEST(Body, other_compressions_are_refused_by_name) {
    for (const auto& [compression, name] :
         std::vector<std::pair<std::string, const char*>>{{"application/x-bz2", "bzip2"},
                                                          {"application/x-lzma", "lzma"},
                                                          {"application/zstd", "zstd"},
                                                          {"application/x-brotli", "brotli"},
                                                          {"application/x-own", "application/x-own"}}) {
        const DecodeError error = error_of(encoded("x", compression));
        EXPECT_EQ(error.code(), DecodeErrc::refused_compression);
        EXPECT_NE(std::string{error.what()}.find(name), std::string::npos) << error.what();
    }
}

TEST(Body, a_decompression_bomb_is_stopped_at_the_limit) {
    const std::string bomb = deflate("[[\"" + std::string(std::size_t{64} << 20, 'x') + "\"], {}, {}]");
    ASSERT_LT(bomb.size(), 100'000U);
    const DecodeError error = error_of(encoded(bomb, "application/x-gzip"));
    EXPECT_EQ(error.code(), DecodeErrc::too_large);
    EXPECT_NE(std::string{error.what()}.find("16777216"), std::string::npos);
}

TEST(Body, a_broken_stream_is_refused) {
    const std::string stream = deflate("[[], {}, {}]");
    for (const std::string& broken :
         {std::string{}, std::string{"no stream"}, stream.substr(0, stream.size() - 1), stream.substr(1)}) {
        EXPECT_EQ(error_of(encoded(broken, "application/x-gzip")).code(), DecodeErrc::bad_body);
    }
}

TEST(Body, size_and_depth_are_limited) {
    const std::string json = "[[], {}, {}]";
    EXPECT_EQ(error_of(raw(json), {.body_size = json.size() - 1}).code(), DecodeErrc::too_large);
    EXPECT_EQ(error_of(encoded(json, ""), {.body_size = json.size() - 1}).code(), DecodeErrc::too_large);
    EXPECT_EQ(error_of(encoded(deflate(json), "gzip"), {.body_size = json.size() - 1}).code(),
              DecodeErrc::too_large);
    decode_body(message_with(encoded(deflate(json), "zlib")), {.body_size = json.size()});
    EXPECT_EQ(error_of(raw(std::string(100'000, '['))).code(), DecodeErrc::too_large);
    const std::string deep = "[[" + std::string(126, '[') + std::string(126, ']') + "], {}, {}]";
    decode_body(message_with(raw(deep)));
    const std::string deeper = "[[" + std::string(127, '[') + std::string(127, ']') + "], {}, {}]";
    EXPECT_EQ(error_of(raw(deeper)).code(), DecodeErrc::too_large);
}

TEST(Body, an_error_never_quotes_arguments) {
    const DecodeError error = error_of(raw(R"([["secret"], {"password": "hunter2"}, 5])"));
    EXPECT_EQ(std::string{error.what()}.find("secret"), std::string::npos);
    EXPECT_EQ(std::string{error.what()}.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace samovar::message
