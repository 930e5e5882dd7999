#include "Formats/F16.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_f16")]] kernel decltype(mat_vec<F16>) mat_vec<F16>;
template [[host_name("mat_mat_f16")]] kernel decltype(mat_mat<F16>) mat_mat<F16>;
template [[host_name("get_rows_f16")]] kernel decltype(get_rows<F16>) get_rows<F16>;
