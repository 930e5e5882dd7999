#include "Formats/F32.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_f32")]] kernel decltype(mat_vec<F32>) mat_vec<F32>;
template [[host_name("mat_mat_f32")]] kernel decltype(mat_mat<F32>) mat_mat<F32>;
template [[host_name("get_rows_f32")]] kernel decltype(get_rows<F32>) get_rows<F32>;
