// The whole layer in one include.
#pragma once

#include <web/api.hpp>
#include <web/constraints.hpp>
#include <web/cookie.hpp>
#include <web/html.hpp>
#include <web/inputs.hpp>
#include <web/server.hpp>
