/* fuzz_tls.c: a TLS conversation in pieces, with gaps and endings, and the keys of the seeds */
#include "tests/fuzz/fuzz_channel.h"

static const char keylog[] =
    "CLIENT_RANDOM eb6567aea97abe29ffa7771a78b55a8931c67e726c387a8229d87eefff99ec0c 1"
    "be7a95c56fa9c378e75d1ebd1d510d0b12c2af69baf16565cd6c817ee4f1b7902f859046fd3b3186"
    "2e2fff6a1036b88\n"
    "SERVER_HANDSHAKE_TRAFFIC_SECRET e53233913706a4807cd7c14e9d40f7ac411f105df0426c8c"
    "fa26a2730a14b8a7 c13cd54ffa1b0c3338d396fcb030fbbd3676883b2a64ccc554291c9389eff24"
    "3\n"
    "CLIENT_HANDSHAKE_TRAFFIC_SECRET e53233913706a4807cd7c14e9d40f7ac411f105df0426c8c"
    "fa26a2730a14b8a7 16b78358b97bd7517dca8be9dddd4ebb806b2c4ad49a641c2d210feb9267f85"
    "0\n"
    "SERVER_TRAFFIC_SECRET_0 e53233913706a4807cd7c14e9d40f7ac411f105df0426c8cfa26a273"
    "0a14b8a7 f5f961e776c089d927ba12ef8c70aa4bf49833da1a8dc69254fa00ac7539a92e\n"
    "CLIENT_TRAFFIC_SECRET_0 e53233913706a4807cd7c14e9d40f7ac411f105df0426c8cfa26a273"
    "0a14b8a7 55516ac55e9ec8054cd27494653b14ca08c176d6c85ddabf1388e92f5c351ba5\n"
    "CLIENT_RANDOM d3fc1cc125e9db428ddeb92dabbf9d9a6378fd8b6b220753a7efae1e3854832c 3"
    "abdf1ca1b62c31c1b1e7d818b224d07aa84dd9aa4b78f3038def4c661b9d23764803ee43260a3158"
    "602015dc414501d\n"
    "SERVER_HANDSHAKE_TRAFFIC_SECRET f6edadb731da029906bda4e03d169b90159fa7c83dc97635"
    "589f3cfeb19d9728 e5cd9563ead85b674eeb26ab7c971cb7ed89e70967c10c6ad672fc9119b304e"
    "6\n"
    "CLIENT_HANDSHAKE_TRAFFIC_SECRET f6edadb731da029906bda4e03d169b90159fa7c83dc97635"
    "589f3cfeb19d9728 6ff9d4568158e764cba940559b1b2b2cb4d247a1e1d7f38adf9f7443486ac92"
    "f\n"
    "SERVER_TRAFFIC_SECRET_0 f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 d6ab000625c2be05fbdcc6b6dec954f6b9a9b886fd80d0df7c8a25bd6ca3f6bd\n"
    "CLIENT_TRAFFIC_SECRET_0 f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 6021c7f3844457d47093b46db8dfc00e415a7a8b4b33d81ed1cdc7e9fc89692a\n"
    "CLIENT_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 0f4351d30734fc8116c064c43335ebd58635bcbebfaa7bc0d0a5a5d365928ba5\n"
    "SERVER_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 fc5fbb8eac1d45dbc47af69401138f10866637596b4b821d051eb9907e10f933\n"
    "CLIENT_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 018a28557f87ccdb34545cc4a51be99cc3d16f82928bad72188164b208e78bbe\n"
    "SERVER_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 d622cdb23f86ff25e4d292541aacd30b5ea85ab1e7b2c576a6b9270edfd26d6c\n"
    "CLIENT_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 96ddd2308921d2d072e6eba58e0484589508f47cd5545296a900b2cd0ddfff46\n"
    "SERVER_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 c9f8c2c892b36db8a9f9cc414675ec94a3e1a8dcff74551ede439a86a574c16b\n"
    "SERVER_TRAFFIC_SECRET_N f6edadb731da029906bda4e03d169b90159fa7c83dc97635589f3cfe"
    "b19d9728 1c579f7c794699e4af3ed95c874873f4dd7b711d2e26efc89933a809c844c599\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tls_secrets *secrets = tls_secrets_create();
    struct tls_context *context;

    if (!secrets)
        abort();
    tls_secrets_add_keylog(secrets, slice_of_text(keylog));
    context = tls_context_create(secrets);
    if (!context)
        abort();
    fuzz_channel_with(&tls_dissector, slice_of(data, size), false, context);
    tls_context_free(context);
    tls_secrets_free(secrets);
    return 0;
}
