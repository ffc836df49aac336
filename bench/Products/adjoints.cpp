// The two adjoints of y += W^T s for rows of connections by source, as near the machine's limit as simple C++ comes: adjoints N PER_ROW REPETITIONS
// sent: s'_i = sum over row i of w y'[target], for the active rows; weights: w'_k += y'[target_k], for the rows of the spikes. Prints a JSON object of microseconds by active part.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <time.h>
#include <vector>

static double processor() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

int main(int, char** arguments) {
    const int n = std::atoi(arguments[1]), perRow = std::atoi(arguments[2]), repetitions = std::atoi(arguments[3]);
    std::mt19937 random(1);
    std::vector<int> target((size_t)n * perRow);
    std::vector<float> weight(target.size()), gradient(target.size()), adjoint(n), sent(n);
    for (int row = 0; row < n; row++) {
        for (int k = 0; k < perRow; k++) target[(size_t)row * perRow + k] = random() % n;
        std::sort(target.begin() + (size_t)row * perRow, target.begin() + (size_t)(row + 1) * perRow);
    }
    for (auto& w : weight) w = (random() & 65535) / 65536.f;
    for (auto& a : adjoint) a = (random() & 65535) / 65536.f - 0.5f;
    auto draw = [&](std::vector<int>& active, double part) {
        active.clear();
        for (int i = 0; i < n; i++) if ((random() & 0xffffff) < part * 0x1000000) active.push_back(i);
    };
    std::printf("{");
    const double parts[] = {0.001, 0.01, 0.1};
    for (double part : parts) {
        std::vector<double> toSent, toWeights;
        for (int r = 0; r < repetitions; r++) {
            // Each way has active rows of its own: those of the other would still be in the caches.
            std::vector<int> active;
            draw(active, part);
            double start = processor();
            for (int i : active) {
                const int* to = &target[(size_t)i * perRow];
                const float* w = &weight[(size_t)i * perRow];
                float sum = 0;
                for (int k = 0; k < perRow; k++) sum += w[k] * adjoint[to[k]];
                sent[i] += sum;
            }
            toSent.push_back(processor() - start);
            draw(active, part);
            start = processor();
            for (int i : active) {
                const int* to = &target[(size_t)i * perRow];
                float* g = &gradient[(size_t)i * perRow];
                for (int k = 0; k < perRow; k++) g[k] += adjoint[to[k]];
            }
            toWeights.push_back(processor() - start);
        }
        std::printf("%s\"%g\":{\"sent\":%.3f,\"weights\":%.3f}", part == parts[0] ? "" : ",", part, 1e6 * median(toSent), 1e6 * median(toWeights));
    }
    std::printf("}\n");
    return sent[0] + gradient[0] > 1e30f;
}
