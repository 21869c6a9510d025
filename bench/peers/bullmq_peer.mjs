// BullMQ as the benchmark asks for it: `node bullmq_peer.mjs worker CONCURRENCY`, or send|bulk|spaced N.
// Reads REDIS_URL and BENCH_TRACE; see bench/samovar_peer.cpp, whose words these are.
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";

const connection = () => new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const now = () => Number(process.hrtime.bigint()) / 1e9;

async function work(job) {
    if (job.name === "note") appendFileSync(process.env.BENCH_TRACE, `${now().toFixed(9)}\n`);
}

async function rate(queue, count, send) {
    await queue.add("noop", {});
    const begun = now();
    await send();
    console.log(count / (now() - begun));
}

async function oneByOne(queue, count) {
    for (let i = 0; i < count; ++i) await queue.add("noop", {});
}

async function inBulk(queue, count) {
    const most = 500;
    for (let left = count; left > 0; left -= most) {
        await queue.addBulk(Array.from({ length: Math.min(left, most) }, () => ({ name: "noop", data: {} })));
    }
}

async function spaced(queue, count) {
    for (let i = 0; i < count; ++i) {
        await pause(20);
        console.log(now().toFixed(9));
        await queue.add("note", {});
    }
}

const [command, number] = [process.argv[2], Number(process.argv[3])];
if (command === "worker") {
    new Worker("bench", work, { connection: connection(), concurrency: number });
} else {
    const queue = new Queue("bench", { connection: connection() });
    await queue.waitUntilReady();
    if (command === "send") await rate(queue, number, () => oneByOne(queue, number));
    if (command === "bulk") await rate(queue, number, () => inBulk(queue, number));
    if (command === "spaced") await spaced(queue, number);
    process.exit(0);
}
