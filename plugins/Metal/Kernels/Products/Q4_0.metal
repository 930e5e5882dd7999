#include "Formats/Q4_0.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_q4_0")]] kernel decltype(mat_vec<Q4_0>) mat_vec<Q4_0>;
template [[host_name("mat_mat_q4_0")]] kernel decltype(mat_mat<Q4_0>) mat_mat<Q4_0>;
template [[host_name("get_rows_q4_0")]] kernel decltype(get_rows<Q4_0>) get_rows<Q4_0>;
