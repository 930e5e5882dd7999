#include "Formats/BF16.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_bf16")]] kernel decltype(mat_vec<BF16>) mat_vec<BF16>;
template [[host_name("mat_mat_bf16")]] kernel decltype(mat_mat<BF16>) mat_mat<BF16>;
template [[host_name("get_rows_bf16")]] kernel decltype(get_rows<BF16>) get_rows<BF16>;
