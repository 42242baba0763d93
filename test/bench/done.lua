-- What wrk measured, as one line of JSON.
function done(summary, latency)
  io.write(string.format('{"requests":%d,"seconds":%.3f,"errors":%d,"p50":%.3f,"p99":%.3f}\n', summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
