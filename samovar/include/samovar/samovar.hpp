// Everything a program with tasks needs.
#pragma once

#include <samovar/app.hpp>
#include <samovar/beat.hpp>
#include <samovar/cli.hpp>
#include <samovar/clock.hpp>
#include <samovar/context.hpp>
#include <samovar/convert.hpp>
#include <samovar/error.hpp>
#include <samovar/json.hpp>
#include <samovar/log.hpp>
#include <samovar/options.hpp>
#include <samovar/result.hpp>
#include <samovar/schedule.hpp>
#include <samovar/task.hpp>
#include <samovar/value.hpp>
#include <samovar/version.hpp>
#include <samovar/worker.hpp>
